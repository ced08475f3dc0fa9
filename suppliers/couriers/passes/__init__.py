"""The pass: signed, carried on the phone or on paper, verified at a checkpoint by whoever has a camera."""
