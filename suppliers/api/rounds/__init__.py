"""Rounds, for programs."""
