"""What is wrong with what came, as an order's page tells and asks it."""
