"""What the office sets: who goes without, and what an item is worth."""
