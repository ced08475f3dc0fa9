"""Teams of couriers as their supplier keeps them: blocks, vehicles, accounts, and the pass for the checkpoint."""
