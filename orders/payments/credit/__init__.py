"""Credit: money that came beyond what an order took. It is somebody's: refunded, or used for their next order."""
