"""From checkout to the promise kept: order book, lifecycle, tracking, group orders."""
