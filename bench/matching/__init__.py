"""Labelled sets of orders and transfers, made from the facts of the field, and how the matcher does on them."""
