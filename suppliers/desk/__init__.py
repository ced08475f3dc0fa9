"""What the office does with delivery rounds: watch them fill, and send them."""
