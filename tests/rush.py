"""Many people at once: each in a thread with an app context, a session and a connection of its own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

PATIENCE = 60  # seconds


def rush(app: Flask, people: int, act: Callable[[int], str]) -> Counter[str]:
    """Let ``people`` start at the same moment; counts what ``act`` answers each of them."""
    start = Barrier(people)

    def one(number: int) -> str:
        start.wait(PATIENCE)
        with app.app_context():
            return act(number)

    with ThreadPoolExecutor(people) as crowd:
        return Counter(crowd.map(one, range(people)))
