"""What is sold: combos and their items, kept by the office."""
