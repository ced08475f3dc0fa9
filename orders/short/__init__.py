"""What a resident wants where something of an order can't be brought, and what its page tells of what was missing."""
