"""What the office does with orders: find one, look at it, give combos to one that was taken elsewhere, revive one."""
