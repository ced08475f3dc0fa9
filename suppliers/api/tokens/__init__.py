"""Tokens: made, shown once, used, revoked."""
