"""A manifest's files, and who may still have them."""
