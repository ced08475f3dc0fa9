"""What the office tells a ward or the whole city."""
