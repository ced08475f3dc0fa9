"""The office's pages about people: who signs in, as what, and since when."""
