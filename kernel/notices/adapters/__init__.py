"""One module a way of telling: each turns a letter into what its gateway speaks."""
