"""Purchase orders: what the office orders from a supplier with each batch, at the prices of the orders behind it."""
