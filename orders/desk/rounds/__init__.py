"""Delivery rounds and their places, planned by the office."""
