"""Settlement: what the city owes a supplier for what was delivered less what was missing; agreed, then paid."""
