"""The city as `make run` starts it: web, worker and a browser in front."""

import json
import urllib.request

import pytest


def test_web_and_worker_come_up_together(live_server):
    with urllib.request.urlopen(f"{live_server.url}/readyz") as answer:
        assert json.load(answer) == {"ready": True, "database": True, "worker": True}


@pytest.mark.browser
def test_the_first_page_opens_on_a_phone_and_asks_nothing_of_other_hosts(browser_page):
    answer = browser_page.goto("/")

    assert answer.status == 200
    assert browser_page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
