"""The firms that pack and deliver, kept by the office."""
