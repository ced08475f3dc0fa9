"""A manifest's stops shared out among teams: runs with their vehicles, their loads and the order of the way."""
