"""The office sets how shortages are shared out and what items are worth, and pays back what no transfer can."""
