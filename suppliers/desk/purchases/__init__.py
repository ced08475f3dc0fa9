"""Purchase orders at the desk."""
