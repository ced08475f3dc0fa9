"""Orders of neighbours that a block leader enters, places and pays at once."""
