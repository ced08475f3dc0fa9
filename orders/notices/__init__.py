"""What residents are told of their order, from placed to delivered or refunded, in which words, and by which way."""
