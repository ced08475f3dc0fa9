"""Refunds exported together for the bank: the file, and its page."""
