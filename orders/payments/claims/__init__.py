"""Residents who say that they have paid: what they say, what the statements can say to it, who waits for an answer."""
