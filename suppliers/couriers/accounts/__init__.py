"""Accounts of couriers from a table: read in the sandbox, looked at, then all or none."""
