"""Shortages, for programs."""
