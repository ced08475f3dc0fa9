"""What moved on a day: each transfer and debit with its place, and what the bank's statements told of them."""
