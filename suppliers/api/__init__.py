"""What a supplier's own programs ask and tell: /api/v1, by tokens; its specification, and a page to read it."""
