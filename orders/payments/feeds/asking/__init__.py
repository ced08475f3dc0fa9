"""Statements of banks whose columns a clerk has to name: asked once, remembered by the headings."""
