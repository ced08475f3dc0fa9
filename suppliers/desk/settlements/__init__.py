"""Settlements at the desk."""
