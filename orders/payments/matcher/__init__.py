"""Which order does a transfer pay? Plain values in, decisions out: no web, no database, no clock."""
