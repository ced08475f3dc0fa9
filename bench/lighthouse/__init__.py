"""Lighthouse on our pages."""
