"""A price moves by a change that stays: at once within the limit of a week, beyond it with a second person."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError
from kernel.four_eyes import DecidedAlready, SameHands, Stand
from kernel.money import format_dong
from kernel.queries import changes_of
from shop import prices
from shop.models import Combo, PriceChange
from shop.prices import PriceMoved, PriceWaits, SamePrice, approve, propose, refuse, withdraw
from shop.queries import waiting_prices
from tests import books, make
from tests.orders.shopping import FILLED, check_out, pick, stocked
from tests.pages import Page
from tests.rush import rush

BECAUSE = "rau tăng giá sau bão"


def move(session, combo, becomes, *, by="kinhte1", seen=None, limit=10):
    doer = Doer(by, clock.now(), BECAUSE)
    return propose(session, combo, becomes, seen=seen or str(combo.version), limit_percent=limit, doer=doer)


def written_by_hand(combo, *, becomes):
    """A row that says of itself that it stays within the limit and is in force."""
    return PriceChange(
        combo=combo,
        was=100_000,
        becomes=becomes,
        measured_from=100_000,
        limit_percent=10,
        over_limit=False,
        state=Stand.APPLIED,
        proposed_by="k",
        proposed_at=clock.now(),
        because="x",
        decided_by="k",
        decided_at=clock.now(),
    )


def second(by="kinhte2"):
    return Doer(by, clock.now())


@pytest.mark.parametrize(("becomes", "state"), [
    (110_000, Stand.APPLIED), (90_000, Stand.APPLIED), (110_001, Stand.PROPOSED), (89_999, Stand.PROPOSED),
])  # fmt: skip
def test_up_to_the_limit_a_change_is_in_force_at_once(session, becomes, state):
    combo, noise = make.combo(price=100_000), make.combo(price=100_000)

    made = move(session, combo, becomes)

    assert made.state is state
    assert combo.price == (becomes if state is Stand.APPLIED else 100_000)
    assert noise.price == 100_000


def test_many_small_steps_do_not_creep_over_the_limit(session, stopped_clock):
    combo = make.combo(price=100_000)
    assert move(session, combo, 105_000).state is Stand.APPLIED
    stopped_clock.forward(days=3)
    assert move(session, combo, 110_000).state is Stand.APPLIED
    stopped_clock.forward(days=3)

    third = move(session, combo, 115_000)

    assert (third.state, third.measured_from, combo.price) == (Stand.PROPOSED, 100_000, 110_000)


def test_after_a_week_the_limit_is_measured_anew(session, stopped_clock):
    combo = make.combo(price=100_000)
    move(session, combo, 110_000)
    stopped_clock.forward(days=7, seconds=1)

    later = move(session, combo, 120_000)

    assert (later.state, later.measured_from) == (Stand.APPLIED, 110_000)


def test_a_second_person_agrees_and_the_price_moves_with_its_history(session):
    combo = make.combo(price=100_000)
    change = move(session, combo, 200_000)

    approve(session, change, second())

    assert (combo.price, change.state, change.decided_by) == (200_000, Stand.APPLIED, "kinhte2")
    (line,) = changes_of(session, prices.KIND, combo.id)
    assert (line.field, line.was, line.became, line.because) == (
        "price",
        format_dong(100_000),
        format_dong(200_000),
        BECAUSE,
    )


@pytest.mark.parametrize("step", [approve, refuse])
def test_nobody_decides_what_they_proposed(session, step):
    combo = make.combo(price=100_000)
    change = move(session, combo, 200_000)

    with pytest.raises(SameHands):
        step(session, change, second("kinhte1"))

    assert (combo.price, change.state) == (100_000, Stand.PROPOSED)


def test_only_the_proposer_withdraws(session):
    change = move(session, make.combo(price=100_000), 200_000)

    with pytest.raises(SameHands):
        withdraw(session, change, second())

    withdraw(session, change, second("kinhte1"))
    assert change.state is Stand.WITHDRAWN


def test_the_database_too_refuses_four_eyes_that_are_two(session):
    change = move(session, make.combo(price=100_000), 200_000)
    session.commit()
    rows = {"id": change.id, "at": clock.now().replace(tzinfo=None)}

    for sql in (
        "UPDATE price_changes SET state = 'applied', decided_by = proposed_by, decided_at = :at WHERE id = :id",
        "UPDATE price_changes SET state = 'applied' WHERE id = :id",
        "UPDATE price_changes SET over_limit = NOT over_limit WHERE id = :id",
        "DELETE FROM price_changes WHERE id = :id",
    ):
        with pytest.raises(IntegrityError):
            session.execute(text(sql), {key: value for key, value in rows.items() if f":{key}" in sql})
        session.rollback()


def test_the_database_refuses_a_limit_that_is_told_falsely(session):
    combo = make.combo(price=100_000)
    session.add(written_by_hand(combo, becomes=200_000))

    with pytest.raises(IntegrityError):
        session.flush()


def test_no_price_moves_without_its_change(session):
    combo = make.combo(price=100_000)
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE combos SET price = 1"))
    session.rollback()

    session.execute(text("UPDATE combos SET name = name"))
    session.refresh(combo)
    assert combo.price == 100_000


def test_one_change_waits_at_a_time(session):
    combo = make.combo(price=100_000)
    move(session, combo, 200_000)

    for becomes in (101_000, 300_000):
        with pytest.raises(PriceWaits):
            move(session, combo, becomes)

    assert len(waiting_prices(session)) == 1


def test_the_same_price_is_no_change(session):
    with pytest.raises(SamePrice):
        move(session, make.combo(price=100_000), 100_000)


def test_a_proposal_that_no_longer_fits_is_not_applied(session):
    """Only a restored backup or raw SQL brings this about, which is why it is tried with a row of its own."""
    combo = make.combo(price=100_000)
    change = move(session, combo, 200_000)
    session.add(written_by_hand(combo, becomes=105_000))
    session.flush()
    session.execute(text("UPDATE combos SET price = 105000 WHERE id = :id"), {"id": combo.id})

    with pytest.raises(PriceMoved):
        approve(session, change, second())


def test_of_two_who_approve_at_once_one_does(app, session):
    combo = make.combo(price=100_000)
    change_id = move(session, combo, 200_000).id
    session.commit()

    found = rush(app, 8, lambda number: in_a_post(app, lambda: decide_as(change_id, f"head{number}")))

    assert found == {"done": 1, "DecidedAlready": 7}
    assert db.session.scalar(text("SELECT price FROM combos")) == 200_000
    assert books.count(session, "changes") == 1


def test_of_two_who_propose_at_once_one_does(app, session):
    combo_id = make.combo(price=100_000).id
    session.commit()

    def act(number):
        combo = db.session.get_one(Combo, combo_id)
        return step(lambda: move(db.session, combo, 200_000 + number, by=f"clerk{number}", seen="1"))

    found = rush(app, 6, lambda number: in_a_post(app, lambda: act(number)))

    assert found == {"done": 1, "Overtaken": 5}
    assert len(waiting_prices(session)) == 1


def decide_as(change_id, by):
    return step(lambda: approve(db.session, db.session.get_one(PriceChange, change_id), second(by)))


def step(act):
    """Which refusal met the act, if any."""
    try:
        act()
    except (Overtaken, DecidedAlready, MarketError) as refusal:
        db.session.rollback()
        return type(refusal).__name__
    db.session.commit()
    return "done"


def in_a_post(app, act):
    with app.test_request_context(method="POST"):
        return act()


def test_an_order_keeps_its_price_and_a_checkout_is_told(session, client):
    combo, _delivery = stocked(price=100_000)
    placed = make.order(combo)
    pick(client, combo)
    form = Page(client.get("/checkout")).filled()
    approve(session, move(session, combo, 150_000), second())

    page = Page(client.post("/checkout", data={**form, **FILLED}))

    assert page.status == 409
    assert "price has changed" in page.text()
    session.refresh(placed)
    assert (placed.total, placed.lines[0].unit_price) == (100_000, 100_000)
    assert check_out(client).status_code == 303


def test_the_public_history_tells_what_came_into_force_and_nothing_else(session, client, stopped_clock):
    combo, other = make.combo("C07", name="Rau củ", price=100_000), make.combo(price=100_000)
    move(session, combo, 105_000)
    stopped_clock.forward(hours=1)
    approve(session, move(session, combo, 200_000), second())
    refuse(session, move(session, other, 300_000), second())
    waiting = move(session, make.combo(price=100_000), 400_000)

    page = Page(client.get("/prices"))
    of_one = Page(client.get("/prices?combo=c07"))

    assert "100.000 ₫ → 105.000 ₫ +5,0 %" in page.text().replace("\u00a0", " ")
    assert page.text().index("200.000") < page.text().index("100.000")
    assert BECAUSE in page.text()
    assert "300.000" not in page.text()
    assert "400.000" not in page.text()
    assert "kinhte" not in page.text()
    assert "Price history of Rau củ" in of_one.text()
    assert waiting.state is Stand.PROPOSED
    assert "No price was changed so far" in Page(client.get("/prices?combo=C999")).text()
    assert client.get("/prices?page=9999999999999").status_code == 200


def test_the_public_history_has_screens_of_forty(session, client, stopped_clock):
    combo = make.combo("C07", price=100_000)
    for number in range(41):
        stopped_clock.forward(minutes=1)
        move(session, combo, 100_500 + number)

    first, last = Page(client.get("/prices")), Page(client.get("/prices?page=2"))

    assert len(list(first.by_id("main").iter("del"))) == 40
    assert len(list(last.by_id("main").iter("del"))) == 1
