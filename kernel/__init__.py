"""What everyone may import and what knows nothing about groceries: money, clock, text, phones, database, jobs."""
