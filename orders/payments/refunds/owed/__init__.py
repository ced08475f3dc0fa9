"""What is owed to whom, as the pages list it."""
