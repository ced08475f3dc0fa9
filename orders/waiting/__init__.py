"""The waiting list of a full round: who comes next gets the place that comes free."""
