"""The office's pages about goods: combos, their prices, their suppliers."""
