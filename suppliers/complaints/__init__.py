"""Complaints about what was brought: told within a day, decided by the office, paid back by a refund."""
