"""Rows that are evidence, sealed in a chain: who changes one later is found."""
