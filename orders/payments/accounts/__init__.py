"""The office's bank accounts: which there are, and which one residents pay to."""
