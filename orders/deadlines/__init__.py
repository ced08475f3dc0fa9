"""Deadlines moved on: by a resident once, by the office for one order or for a whole round."""
