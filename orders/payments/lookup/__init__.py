"""The orders that transfers may mean, found by index: a run costs what came in, however large the city."""
