"""A team's run on a server that can be taken away and put back, and a courier's phone in front of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask_babel import force_locale
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import create_engine, text
from werkzeug.serving import BaseWSGIServer, make_server

from kernel import clock
from kernel.database import db, tame
from orders.models import OrderState
from tests import make
from tests.desk import send
from tests.live import PHONE
from tests.states.city import Silent


@dataclass
class Road:
    """Where it answers, the run, what its parcels' orders are called, and orders that are none of its business."""

    app: Flask
    database: str
    files: Path
    port: int = 0
    run: str = ""
    codes: list[str] = field(default_factory=list)
    strangers: dict[str, str] = field(default_factory=dict)
    _server: BaseWSGIServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Let the server answer, at the same address as before."""
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=Silent)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take it away: nobody answers there any more."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        self._server = None

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """A look into the database from outside."""
        engine = create_engine(self.database.replace("postgresql://", "postgresql+psycopg://", 1))
        tame(engine)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(sql))]
        engine.dispose()
        return found


@contextmanager
def road(app: Flask, database: str, files: Path, *, stops: int) -> Iterator[Road]:
    """A run of so many stops for the courier “giao.an”, and one order for each way in which a scan is refused."""
    made = Road(app, database, files)
    with app.app_context(), force_locale("en"):
        _build(made, stops)
        db.session.commit()
    made.open()
    try:
        yield made
    finally:
        made.close()


def _build(made: Road, stops: int) -> None:
    supplier = make.supplier("RAU")
    combo = make.combo("C02", name="Rau củ 5 món", packed_by=supplier)
    delivery = make.round(closes_at=clock.now().replace(microsecond=0))
    orders = [
        make.paid_order(
            combo, delivery=delivery, name=f"Người nhận {number}", address=f"{number} Lê Lợi, KP Đông", ward="Dĩ An"
        )
        for number in range(1, stops + 1)
    ]
    elsewhere = make.paid_order(combo, delivery=delivery, ward="Bình An", address="1 Lê Lai, KP Tây")
    (manifest,) = send(db.session, delivery)
    team, other = make.team(supplier, "Đội 1", ("Dĩ An", "")), make.team(supplier, "Đội 2", ("Bình An", ""))
    make.courier(team, "giao.an")
    run = make.run(manifest, team)
    far = next(stop for stop in run.stops if stop.parcel.order_id == elsewhere.id)
    db.session.delete(far)
    db.session.flush()
    made.run, made.codes = run.code, [order.code for order in orders]
    made.strangers = {
        "not paid": make.order(combo).code,
        "cancelled": make.order(combo, state=OrderState.CANCELLED).code,
        "other ward": elsewhere.code,
        "another supplier's": _anothers().code,
    }
    assert other.id


def _anothers():
    order = make.paid_order(make.combo(packed_by=make.supplier()))
    send(db.session, order.round)
    return order


def phone(browser: Browser, road: Road) -> BrowserContext:
    return browser.new_context(base_url=road.url, viewport=PHONE, locale="vi-VN", has_touch=True)


def signed_in(context: BrowserContext, username: str = "giao.an") -> Page:
    """The page of the runs."""
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", make.PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/courier/")
    return page


def deliver(page: Page, code: str) -> None:
    """Tell on the phone that it was handed over, before a witness."""
    at = page.locator(f"[data-code={code}]")
    at.locator("summary").first.click()
    at.locator("[name=witness]").fill("Bà Tư, tổ trưởng")
    at.locator("[data-tell=delivered] button").click()
    expect(at).to_have_attribute("data-state", "delivered")


def fail(page: Page, code: str, *, taps: int = 1) -> None:
    """Tell on the phone that nobody was there."""
    at = page.locator(f"[data-code={code}]")
    at.locator("summary", has_text="Chưa giao được").click()
    at.locator("[name=reason]").select_option("absent")
    at.locator("[data-tell=failed] button").click(click_count=taps)
    expect(at).to_have_attribute("data-state", "failed")
