"""How well suppliers bring what was paid: counted batch by batch."""
