"""What residents were promised: their names, phones and addresses do not stay longer than they are needed."""
