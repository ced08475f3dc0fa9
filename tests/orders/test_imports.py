"""Orders taken elsewhere: a city moves in with a CSV."""

import csv
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select

from kernel import clock
from office.seed import seed
from orders.models import Order, OrderState, Origin
from orders.payments.models import Allocation, Source
from orders.payments.queries import owed_by, paid_by_order
from shop.models import Capacity
from tests import make

CORPUS = Path(__file__).parents[1] / "samples/corpus/orders.csv"
ROW = {
    "code": "DCKHV6B9D",
    "name": "Nguyễn Ánh Hoa",
    "phone": "0327219097",
    "ward": "Đông Hòa",
    "address": "206/54 Lê Trọng Tấn",
    "combos": "",
    "total": "700000",
    "placed_at": "2021-08-30T21:48:00+07:00",
    "expires_at": "2021-08-31T21:48:00+07:00",
    "status": "awaiting_payment",
}
GOOD = ROW | {"code": "DCHSWEWPD", "phone": "0911000111"}

Import = Callable[..., Result]


@pytest.fixture
def delivery(session, stopped_clock):
    return make.round(name="Đợt một")


@pytest.fixture
def bring_in(cli_runner, tmp_path) -> Import:
    """Write rows into a CSV and import it."""

    def bring_in(*rows: dict[str, str], more: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Result:
        path = tmp_path / "orders.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [name for name in ROW if name not in without], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        answer: Result = cli_runner.invoke(args=["orders", "import", str(path), *more])
        return answer

    return bring_in


def orders(session) -> dict[str, Order]:
    session.rollback()
    return {order.code: order for order in session.scalars(select(Order))}


def test_the_whole_corpus_enters_and_twice_is_once(session, cli_runner, stopped_clock):
    seed(session)
    with CORPUS.open(encoding="utf-8") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}

    first = cli_runner.invoke(args=["orders", "import", str(CORPUS)])
    found = orders(session)
    held = session.scalar(select(func.sum(Capacity.held)))
    second = cli_runner.invoke(args=["orders", "import", str(CORPUS)])

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "3000 orders entered" in first.output
    assert "0 orders entered" in second.output
    assert "3000 were here already" in second.output
    assert found.keys() == rows.keys()
    assert Counter(order.state.value for order in found.values()) == Counter(
        {"awaiting_payment": "open", "paid": "confirmed"}.get(row["status"], row["status"]) for row in rows.values()
    )
    assert all(found[code].total == int(row["total"]) for code, row in rows.items())
    assert all(found[code].placed_at == datetime.fromisoformat(row["placed_at"]) for code, row in rows.items())
    assert all(found[code].ward.name == row["ward"] for code, row in rows.items())
    paid = [order for order in found.values() if order.state is OrderState.CONFIRMED]
    assert paid_by_order(session, [order.id for order in paid]) == {order.id: order.total for order in paid}
    assert session.scalar(select(func.sum(Capacity.held))) == held


def test_an_open_order_gets_a_fresh_deadline(session, bring_in, delivery):
    bring_in(ROW)

    order = orders(session)[ROW["code"]]
    assert (order.state, order.origin, order.round.name) == (OrderState.OPEN, Origin.ELSEWHERE, "Đợt một")
    assert order.placed_at == datetime.fromisoformat(ROW["placed_at"])
    assert order.expires_at == clock.now() + timedelta(hours=24)


def test_no_fresh_deadline_is_later_than_the_round_closes(session, bring_in, delivery, stopped_clock):
    stopped_clock.set(delivery.closes_at - timedelta(hours=2))

    bring_in(ROW)

    assert orders(session)[ROW["code"]].expires_at == delivery.closes_at


def test_a_paid_order_is_confirmed_by_an_opening_allocation(session, bring_in, delivery):
    bring_in(ROW | {"status": "paid"}, GOOD)

    order = orders(session)[ROW["code"]]
    (allocation,) = session.scalars(select(Allocation)).all()
    assert (order.state, owed_by(session, order)) == (OrderState.CONFIRMED, 0)
    assert (allocation.order_id, allocation.source, allocation.amount) == (order.id, Source.OPENING, order.total)
    assert [event.became for event in order.history] == [OrderState.OPEN, OrderState.CONFIRMED]


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_an_order_that_is_over_stays_so_keeps_its_deadline_and_takes_no_place(session, bring_in, delivery, status):
    combo = make.combo("C06", price=700_000)
    place = make.capacity(delivery, combo.supplier, ward="Đông Hòa")

    bring_in(ROW | {"status": status, "combos": "C06:1"})

    order = orders(session)[ROW["code"]]
    assert (order.state, order.expires_at) == (OrderState(status), datetime.fromisoformat(ROW["expires_at"]))
    session.refresh(place)
    assert (place.held, order.holds) == (0, [])


def test_combos_become_lines_and_take_their_places(session, bring_in, delivery):
    greens, meat = make.combo("C06", price=200_000), make.combo("C13", price=300_000)
    place = make.capacity(delivery, greens.supplier, ward="Đông Hòa", places=5)

    answer = bring_in(ROW | {"combos": "C06:2;C13:1"})

    order = orders(session)[ROW["code"]]
    assert [(line.combo, line.quantity) for line in order.lines] == [(greens, 2), (meat, 1)]
    session.refresh(place)
    assert (place.held, place.beyond) == (1, 0)
    assert "1 parcels go beyond" in answer.output  # the other supplier has no place planned there


def test_what_goes_beyond_the_rounds_places_enters_and_is_said(session, bring_in, delivery):
    combo = make.combo("C06", price=700_000)
    place = make.capacity(delivery, combo.supplier, ward="Đông Hòa", places=1)
    codes = ["DCKHV6B9D", "DCHSWEWPD", "DCMUD85CG"]

    answer = bring_in(*(ROW | {"code": code, "combos": "C06:1"} for code in codes))

    session.refresh(place)
    assert "2 parcels go beyond" in answer.output
    assert (place.places, place.held, place.beyond) == (1, 3, 2)


def test_without_address_and_combos_it_has_a_line_taken_elsewhere(session, bring_in, delivery):
    answer = bring_in(ROW, without=("address", "combos"))

    order = orders(session)[ROW["code"]]
    assert answer.exit_code == 0
    assert (order.address, order.total) == ("", 700_000)
    assert [(line.name, line.quantity, line.unit_price, line.supplier_id) for line in order.lines] == [
        ("Taken elsewhere", 1, 700_000, None)
    ]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("code", "DCKHV6B9E", "DCKHV6B9E"),
        ("code", "", "no order code"),
        ("name", "", "2 to 80 letters"),
        ("name", "x" * 81, "80"),
        ("name", "Ho\u200ba Nguyễn", "hidden or foreign"),
        ("phone", "12345", "12345"),
        ("ward", "Thủ Đức", "no ward"),
        ("ward", "TP Dĩ An", "several wards"),
        ("address", "x" * 201, "200"),
        ("address", "12\u202e Lý Thường Kiệt", "hidden or foreign"),
        ("total", "", "whole đồng"),
        ("total", "0", "whole đồng"),
        ("total", "100.5", "whole đồng"),
        ("total", "9" * 30, "whole đồng"),
        ("placed_at", "yesterday", "placed_at"),
        ("placed_at", "0001-01-01T00:00:00+07:00", "placed_at"),
        ("expires_at", "", "expires_at"),
        ("status", "delivered", "no status"),
        ("combos", "C06", "C06:1"),
        ("combos", "C06:0", "C06:1"),
        ("combos", "C99:1", "C99"),
        ("combos", "C06:1", "700.000"),
    ],
)
def test_a_bad_row_is_listed_with_its_line_and_reason_and_the_good_ones_enter(
    session, bring_in, delivery, column, value, reason
):
    make.combo("C06", price=200_000)

    answer = bring_in(GOOD, ROW | {column: value}, GOOD | {"code": "DCMUD85CG"})

    assert answer.exit_code == 0, answer.output
    (told,) = [line for line in answer.output.splitlines() if line.startswith("line ")]
    assert told.startswith("line 3: ")
    assert reason in told
    assert "2 orders entered" in answer.output
    assert "1 rows refused" in answer.output
    assert orders(session).keys() == {"DCHSWEWPD", "DCMUD85CG"}


def test_a_code_that_stands_twice_enters_once(session, bring_in, delivery):
    answer = bring_in(ROW, ROW | {"total": "1000"})

    assert "line 3: " in answer.output
    assert orders(session)[ROW["code"]].total == 700_000


def test_a_code_that_is_here_with_another_total_or_phone_is_refused(session, bring_in, delivery):
    bring_in(ROW, GOOD)

    answer = bring_in(ROW | {"total": "1000"}, GOOD | {"phone": "0912345678"})

    assert "0 orders entered" in answer.output
    assert "2 rows refused" in answer.output
    assert orders(session)[ROW["code"]].total == 700_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\r\n", "code"),
        (b"code;name\r\n", "lacks the column"),
        (b"PK\x03\x04\x14\x00\x00\x00" + bytes(200), "no text"),
        (b'code,name\r\n"DCKHV6B9D,Hoa\r\n', "quote"),
        (b"x," * 500, "more rows, columns"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_words(session, cli_runner, delivery, tmp_path, content, reason):
    path = tmp_path / "orders.csv"
    path.write_bytes(content)

    answer = cli_runner.invoke(args=["orders", "import", str(path)])

    assert (answer.exit_code, orders(session)) == (1, {})
    assert answer.output.startswith("Error: ")
    assert reason in answer.output


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_spreadsheets_own_csv_is_read(session, cli_runner, delivery, tmp_path, encoding):
    path = tmp_path / "orders.csv"
    lines = [";".join(ROW), ";".join(ROW.values())]
    path.write_text("\r\n".join(lines), encoding=encoding)

    assert "1 orders entered" in cli_runner.invoke(args=["orders", "import", str(path)]).output
    assert orders(session)[ROW["code"]].name == "Nguyễn Ánh Hoa"


def test_a_dry_run_shows_what_would_enter_and_changes_nothing(session, bring_in, delivery):
    answer = bring_in(ROW, GOOD, more=("--dry-run",))

    assert "2 orders entered" in answer.output
    assert "Nothing was changed" in answer.output
    assert orders(session) == {}


def test_the_round_is_the_next_one_unless_it_is_named(session, bring_in, delivery, stopped_clock):
    make.round(name="Đợt hai", closes_at=delivery.closes_at + timedelta(days=2))
    make.round(name="Đã đóng", closes_at=clock.now() - timedelta(days=1))

    bring_in(ROW)
    bring_in(GOOD, more=("--round", "Đợt hai"))

    assert {code: order.round.name for code, order in orders(session).items()} == {
        ROW["code"]: "Đợt một",
        GOOD["code"]: "Đợt hai",
    }


@pytest.mark.parametrize("more", [("--round", "Đợt không có"), ()])
def test_without_a_round_nothing_enters(session, bring_in, stopped_clock, more):
    answer = bring_in(ROW, more=more)

    assert (answer.exit_code, orders(session)) == (1, {})
    assert "delivery round" in answer.output


def test_a_broken_import_is_resumed_by_the_next(session, cli_runner, stopped_clock, monkeypatch, tmp_path):
    """Pieces that were committed stay; the second run enters the rest."""
    seed(session)
    session.commit()
    path = tmp_path / "orders.csv"
    path.write_text("".join(CORPUS.read_text(encoding="utf-8").splitlines(keepends=True)[:101]), encoding="utf-8")
    pieces = iter(range(3))
    monkeypatch.setattr("orders.imports.PIECE", 20)
    monkeypatch.setattr("orders.cli._progress", lambda _report: next(pieces))
    cli_runner.invoke(args=["orders", "import", str(path)])
    monkeypatch.setattr("orders.cli._progress", lambda _report: None)
    entered = len(orders(session))

    answer = cli_runner.invoke(args=["orders", "import", str(path)])

    assert entered == 80
    assert "20 orders entered" in answer.output
    assert "80 were here already" in answer.output
