"""The top layer, which sees everyone."""
