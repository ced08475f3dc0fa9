"""The audit: what is evidence, and whether it is still as it was."""
