"""Shortages: what a supplier cannot bring is shared out, each resident's choice is applied, the money goes back."""
