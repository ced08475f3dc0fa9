"""Who takes part: wards, staff and their roles, supplier firms, sign-in."""
