"""Money given back: proposed by one person, approved by another, exported for the bank, seen in a statement."""
