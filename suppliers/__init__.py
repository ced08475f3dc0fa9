"""What leaves the warehouse: dispatch, manifests, the door."""
