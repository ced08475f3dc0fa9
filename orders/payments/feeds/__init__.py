"""Bank statements and webhooks turned into rows, strictly and the same way each time."""
