"""What of an order was not handed over need not be paid, and goes back if it was."""
