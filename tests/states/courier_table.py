"""How to reach the pages of couriers and their teams: see table.py."""

from tests.states.state import State

COURIERS = [
    State("/courier/", "empty", "/courier/", "courier", city="empty"),
    State("/courier/", "404", "/courier/nowhere", "courier", 404),
]
