"""Purchase orders, for programs."""
