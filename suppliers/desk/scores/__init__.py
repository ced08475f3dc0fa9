"""The office reads the scores of all suppliers."""
