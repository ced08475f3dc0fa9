"""How an order becomes paid: feeds, the memo taken apart, the matcher, settlement, refunds."""
