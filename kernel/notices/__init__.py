"""What people are told outside the pages: one outbox in the database, and adapters that carry it out of the house."""
