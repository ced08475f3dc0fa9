"""Money for an order that is over or paid already: what may become of it, chosen by a clerk."""
