"""The last order of each ward in a round, where it is not the round's own."""
