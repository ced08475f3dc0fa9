"""Webhooks of SePay, Casso and payOS: kept as they came, answered at once, booked by a job."""
