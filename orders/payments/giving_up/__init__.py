"""A resident gives up an order: one not paid for at once, a paid one until its round closes, with a refund."""
