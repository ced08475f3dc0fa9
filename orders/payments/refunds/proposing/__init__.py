"""Proposing that some of a transfer goes back."""
