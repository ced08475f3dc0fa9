"""The same order once more: the basket filled with what an earlier order held."""
