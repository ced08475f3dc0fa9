"""What is out for delivery, as the office sees it: what is left, failed and late; and nudges."""
