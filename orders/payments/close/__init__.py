"""The day's close: opening + movements = closing for each account, sealed; a late row reopens the day visibly."""
