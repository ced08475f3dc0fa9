"""Thirty residents with real browsers' requests on the real server: ten places, ten orders, twenty told in words."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier

from sqlalchemy import create_engine, text

from tests.orders.shopping import FILLED
from tests.rush import PATIENCE

PEOPLE, PLACES = 30, 10


class Resident:
    """Cookies and forms of one browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, the address where it led, and the page."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with self.opener.open(self.url + path, data, timeout=PATIENCE) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.url, refusal.read().decode()

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields and the chosen round of the form on a page."""
        page = self.ask(path)[2]
        sent = [tag for tag in re.findall(r"<input[^>]*>", page) if 'type="hidden"' in tag or " checked" in tag]
        fields = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in sent]
        return {field["name"]: field.get("value", "") for field in fields}


def test_ten_places_are_ten_orders(live_server):
    engine = create_engine(live_server.city.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE capacities SET places = :n"), {"n": PLACES})
    start = Barrier(PEOPLE)

    def order(_number: int) -> str:
        resident = Resident(live_server.url)
        picked = resident.hidden("/combos/C01") | {"combo": "C01", "quantity": "1"}
        resident.ask("/basket/add", picked)
        filled = resident.hidden("/checkout") | FILLED
        start.wait(PATIENCE)
        status, address, page = resident.ask("/checkout", filled)
        assert status in {200, 409}, page
        return "placed" if "/o/" in address else "full"

    with ThreadPoolExecutor(PEOPLE) as crowd:
        outcomes = Counter(crowd.map(order, range(PEOPLE)))

    assert outcomes == {"placed": PLACES, "full": PEOPLE - PLACES}
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM orders")) == PLACES
        assert connection.scalar(text("SELECT sum(held) FROM capacities")) == PLACES
    engine.dispose()
