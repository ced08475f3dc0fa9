"""A resident's receipt: what was ordered, deducted, paid and paid back. It is no invoice, and says so."""
