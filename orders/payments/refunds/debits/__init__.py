"""Money that went out, at the desk."""
