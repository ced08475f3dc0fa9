"""The city as `make run` starts it: web, worker and a browser in front."""

import json
import urllib.request

import pytest
from sqlalchemy import text


def test_web_and_worker_come_up_together(live_server):
    with urllib.request.urlopen(f"{live_server.url}/readyz") as answer:
        assert json.load(answer) == {"ready": True, "database": True, "worker": True}


def test_a_look_from_outside_sees_the_demo_city(demo_city):
    with demo_city.session() as session:
        staff = set(session.scalars(text("SELECT username FROM staff")))

    assert staff == {account["username"] for account in demo_city.accounts}


@pytest.mark.browser
def test_the_first_page_opens_on_a_phone_and_asks_nothing_of_other_hosts(browser_page):
    answer = browser_page.goto("/")

    assert answer.status == 200
    assert browser_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
