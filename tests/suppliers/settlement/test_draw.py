"""What is settled: each delivered parcel once, less what was missing; what changes later is a correction."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from suppliers.settlement.draw import NothingToSettle, NotNow, NotOpen, Period, draw, draw_anew, drop
from suppliers.settlement.models import LineKind, SettlementState
from suppliers.settlement.queries import goods_changed, lines_of
from suppliers.settlement.snapshot import goods_rows
from tests.desk import rows
from tests.rush import rush
from tests.suppliers.settlement.conftest import DELIVERED, FAILED, ON_ITS_WAY, hand

pytestmark = pytest.mark.usefixtures("right_books")
OWED = """
    SELECT COALESCE(SUM(l.quantity * l.unit_price), 0) - COALESCE(SUM(
        (SELECT COALESCE(SUM(d.amount), 0) FROM deductions d WHERE d.line_id = l.id)), 0)
    FROM parcels p JOIN order_lines l ON l.order_id = p.order_id AND l.supplier_id = p.supplier_id
    WHERE p.state = 'delivered' AND p.supplier_id = :firm
"""
SETTLED = "SELECT COALESCE(SUM(net), 0) FROM settlements WHERE supplier_id = :firm AND state <> 'dropped'"


def kinds(session, settlement):
    return [each.line.kind for each in lines_of(session, settlement.id)]


def owed(session, street, code="RAU"):
    return int(rows(session, OWED, firm=street.firms[code].id)[0][0])


def settled(session, street, code="RAU"):
    return int(rows(session, SETTLED, firm=street.firms[code].id)[0][0])


def test_what_was_delivered_is_owed_what_failed_or_is_on_its_way_is_not(session, street):
    street.becomes(0, DELIVERED)
    street.becomes(2, DELIVERED)
    street.becomes(1, FAILED)
    street.becomes(3, DELIVERED, "THIT")

    greens, meat = street.drawn("RAU"), street.drawn("THIT")

    assert (greens.amount, greens.deducted, greens.net) == (209_999, 0, 209_999)
    assert (meat.amount, meat.net) == (250_001, 250_001)
    assert kinds(session, greens) == [LineKind.DELIVERED] * 2


def test_what_was_missing_is_deducted_before_and_after_the_door(session, street):
    street.lacks(0, 30_000)
    street.becomes(0, DELIVERED)
    street.becomes(3, DELIVERED)
    street.lacks(3, 9_999)
    street.lacks(3, 50_000, "THIT")
    street.lacks(1, 77_777)

    drawn = street.drawn()

    assert (drawn.amount, drawn.deducted, drawn.net) == (209_999, 39_999, 170_000)
    assert drawn.net == owed(session, street)


def test_it_is_counted_by_the_day_of_the_mark_in_vietnam(session, street, stopped_clock):
    stopped_clock.set(clock.at(clock.today(), 23, 59))
    street.becomes(0, DELIVERED)
    last = clock.today()
    stopped_clock.forward(minutes=1)
    street.becomes(1, DELIVERED)

    made = draw(session, street.firms["RAU"].id, Period(last, last), hand())

    assert [each.order_code for each in lines_of(session, made.id)] == [street.orders[0].code]


def test_what_is_marked_after_it_was_drawn_up_comes_into_the_next_as_late(session, street, stopped_clock):
    street.becomes(0, DELIVERED)
    street.settled()
    street.becomes(1, DELIVERED)
    stopped_clock.forward(hours=24)
    street.becomes(2, DELIVERED)

    second = street.drawn(days=0)

    assert [(each.line.kind, each.order_code) for each in lines_of(session, second.id)] == [
        (LineKind.DELIVERED, street.orders[2].code),
        (LineKind.LATE, street.orders[1].code),
    ]


def test_a_mark_taken_back_is_a_correction_and_again_one_if_it_is_delivered_after_all(session, street):
    for number in (0, 1):
        street.becomes(number, DELIVERED)
    street.lacks(0, 10_000)
    first = street.settled()
    street.becomes(0, ON_ITS_WAY)
    second = street.settled()
    street.becomes(0, DELIVERED)
    third = street.settled()

    assert [each.net for each in (first, second, third)] == [190_000, -90_000, 90_000]
    assert [kinds(session, each) for each in (second, third)] == [[LineKind.UNDONE], [LineKind.AGAIN]]
    assert settled(session, street) == owed(session, street) == 190_000


def test_what_turns_out_missing_later_is_a_correction(session, street):
    street.becomes(0, DELIVERED)
    street.settled()
    street.lacks(0, 25_000)

    second = street.drawn()

    assert (second.amount, second.deducted, second.net) == (0, 25_000, -25_000)
    assert kinds(session, second) == [LineKind.DEDUCTED]


def test_undone_and_done_again_between_two_settlements_is_nothing(session, street):
    street.becomes(0, DELIVERED)
    street.settled()
    street.becomes(0, ON_ITS_WAY)
    street.becomes(0, DELIVERED)

    with pytest.raises(NothingToSettle):
        street.drawn()


def test_all_that_happens_is_settled_to_the_last_dong(session, street, stopped_clock):
    """A week of marks, undone marks, failures and shortages, settled each day; the sums of both suppliers agree."""
    steps = (
        [(0, DELIVERED, "RAU"), (3, DELIVERED, "THIT"), (3, DELIVERED, "RAU")],
        [(0, ON_ITS_WAY, "RAU"), (1, FAILED, "RAU"), (4, DELIVERED, "THIT"), (4, 33_333, "THIT")],
        [(1, DELIVERED, "RAU"), (0, FAILED, "RAU"), (3, 1, "RAU"), (3, ON_ITS_WAY, "THIT")],
        [(0, DELIVERED, "RAU"), (2, DELIVERED, "RAU"), (2, 109_999, "RAU"), (3, DELIVERED, "THIT")],
    )
    for day in steps:
        for number, what, code in day:
            street.lacks(number, what, code) if isinstance(what, int) else street.becomes(number, what, code)
        for code in ("RAU", "THIT"):
            try:
                street.settled(code)
            except NothingToSettle:
                session.rollback()
        stopped_clock.forward(hours=24)

    for code in ("RAU", "THIT"):
        assert settled(session, street, code) == owed(session, street, code)
    assert owed(session, street) == 100_000 + 100_000 + 109_998
    assert owed(session, street, "THIT") == 250_001 + 216_668
    assert rows(session, "SELECT COUNT(*) FROM parcels WHERE to_settle") == [(0,)]


def test_by_combo_and_price_it_comes_to_the_same(session, street):
    for number in range(5):
        street.becomes(number, DELIVERED)
    street.lacks(2, 9_999)
    first = street.settled()
    street.becomes(2, ON_ITS_WAY)
    street.lacks(0, 5)
    second = street.drawn()

    goods = [goods_rows(goods_changed(session, each.id)) for each in (first, second)]

    told = [[(row["unit_price"], row["quantity"], row["deducted"], row["net"]) for row in each] for each in goods]
    assert told == [
        [(100_000, 2, 0, 200_000), (109_999, 3, 9_999, 319_998)],
        [(100_000, 0, 5, -5), (109_999, -1, -9_999, -100_000)],
    ]
    assert [sum(row["net"] for row in each) for each in goods] == [first.net, second.net]


def test_one_at_a_time(session, street):
    street.becomes(0, DELIVERED)
    first = street.drawn()
    street.becomes(1, DELIVERED)

    with pytest.raises(NotNow, match=first.number):
        street.drawn()


def test_drawn_up_anew_it_holds_what_is_so_now_and_nobody_has_agreed(session, street):
    street.becomes(0, DELIVERED)
    drawn = street.drawn()
    street.becomes(0, ON_ITS_WAY)
    street.becomes(1, DELIVERED)
    street.lacks(1, 1)

    draw_anew(session, drawn, hand())
    session.commit()

    assert (drawn.version, drawn.net, drawn.office_at) == (2, 99_999, None)
    assert [each.order_code for each in lines_of(session, drawn.id)] == [street.orders[1].code]


def test_a_dropped_ones_parcels_are_for_the_next(session, street):
    street.becomes(0, DELIVERED)
    first = street.drawn()
    drop(session, first, hand(because="the wrong week"))
    session.commit()

    second = street.drawn()

    assert (first.state, first.net, second.net) == (SettlementState.DROPPED, 0, 100_000)
    assert (first.number, second.number) == ("QT-RAU-0001", "QT-RAU-0002")
    with pytest.raises(NotOpen):
        drop(session, first, hand())


def test_of_several_who_draw_up_at_once_one_does(app, session, street):
    street.becomes(0, DELIVERED)
    firm, today, doing = street.firms["RAU"].id, clock.today(), hand()

    def act(_number: int) -> str:
        try:
            draw(db.session, firm, Period(today, today), doing)
            db.session.commit()
        except NotNow:
            db.session.rollback()
            return "told which"
        return "drawn"

    assert rush(app, 4, act) == {"drawn": 1, "told which": 3}


def test_a_mark_that_is_set_while_it_is_drawn_up_is_not_lost(app, session, street):
    """Whoever comes first: what is owed in the end is what stands in settlements."""
    for number in range(5):
        street.becomes(number, DELIVERED)
    firm, today, doing = street.firms["RAU"].id, clock.today(), hand()

    def act(number: int) -> str:
        if number == 0:
            draw(db.session, firm, Period(today, today), doing)
            db.session.commit()
        else:
            street.becomes(number, ON_ITS_WAY)
        return "done"

    assert rush(app, 5, act) == {"done": 5}
    session.expire_all()
    first = rows(session, "SELECT id FROM settlements")[0][0]
    from suppliers.settlement.models import Settlement

    draw_anew(session, session.get_one(Settlement, first), hand())
    session.commit()
    assert settled(session, street) == owed(session, street) == 100_000


ONE_MORE = (
    "INSERT INTO settlement_lines (settlement_id, parcel_id, turn, kind, marked_at, amount, deducted, was_amount,"
    " was_deducted, net, goods) SELECT s.settlement_id, {parcel}, {turn}, s.kind, s.marked_at, s.amount, 0, 0, 0,"
    " s.amount, s.goods FROM settlement_lines s"
)


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE settlement_lines SET net = net + 1, amount = amount + 1",
        ONE_MORE.format(parcel="s.parcel_id", turn=2),
        ONE_MORE.format(parcel="s.parcel_id", turn=1),
        ONE_MORE.format(parcel="p.id", turn=1) + " CROSS JOIN parcels p WHERE p.state <> 'delivered'",
        "DELETE FROM settlements",
        "UPDATE settlements SET state = 'agreed'",
    ],
    ids=["another sum", "a second time", "the same again", "not delivered", "deleted", "agreed by nobody"],
)
def test_the_tables_refuse_to_settle_anything_twice_or_otherwise(session, street, wrong):
    street.becomes(0, DELIVERED)
    street.drawn()

    with pytest.raises(IntegrityError):
        session.execute(text(wrong))
    session.rollback()


def test_it_asks_as_often_for_one_parcel_as_for_three(session, street, asked):
    street.becomes(0, DELIVERED)
    street.settled()
    street.becomes(1, DELIVERED)
    few = asked(street.settled)
    for number in (2, 3, 4):
        street.becomes(number, DELIVERED)

    assert asked(street.settled) == few


def test_an_older_period_takes_only_what_was_marked_in_it(session, street, stopped_clock):
    street.becomes(0, DELIVERED)
    earlier = clock.today()
    stopped_clock.forward(hours=72)
    street.becomes(1, DELIVERED)

    made = draw(session, street.firms["RAU"].id, Period(earlier - timedelta(days=7), earlier), hand())

    assert made.net == 100_000
