"""The supplier reads complaints about its goods and answers the office."""
