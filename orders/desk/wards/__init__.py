"""Wards locked, opened or put first by the office."""
