"""The running system under load: a day's statement booked, matched and posted on a real PostgreSQL."""
