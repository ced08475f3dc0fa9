"""What can be bought: combos, delivery rounds and their capacity, the basket."""
