"""How long a manifest's papers take, beside the plainest document with the same stops."""
