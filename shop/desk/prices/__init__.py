"""Prices: proposed, decided by a second person where they move far."""
