"""One movement, many messages: who told a transfer, which tellings are one and the same, and what is in doubt."""
