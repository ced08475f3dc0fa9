"""What became of parcels, told by programs."""
