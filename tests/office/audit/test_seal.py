"""Sealing: in links of a thousand, each row once, nobody's row passed over, the same seal on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.chain import seal as sealing
from kernel.chain.canon import digest, numbers, ranges
from kernel.chain.evidence import Evidence
from kernel.chain.jobs import seal_all, seal_what_came
from kernel.chain.queries import digests, head, values_of
from kernel.chain.seal import seal
from kernel.chain.verify import Wrong, unsealed, verify
from kernel.database import Base, db
from kernel.models import Change, Job
from office.audit.evidence import EVIDENCE
from office.retention.forget import forget
from tests import books, make
from tests.desk import rows, send

ON_POSTGRESQL = pytest.mark.parametrize("templates", ["postgresql"], indirect=True)
CHANGES = next(each for each in EVIDENCE if each.table == "changes")


def change(number: int, **about) -> Change:
    at = datetime(2021, 9, 6, 2, 30, 0, 123456, UTC)
    return Change(kind="combo", subject_id=number, field="price", was="1", became="2", by="kinhte1", at=at, **about)


def seal_all_of(session: Session) -> None:
    for _step in seal(session):
        session.commit()
    session.commit()


def faults(session: Session):
    return [fault for looked in verify(session) for fault in looked.faults]


def links(session: Session, table: str = "changes"):
    return rows(session, f"SELECT ids, count FROM chain_links WHERE rows_of = '{table}' ORDER BY id")


def test_a_link_holds_at_most_a_thousand_rows(session):
    session.add_all(change(number) for number in range(2_300))

    seal_all_of(session)

    assert links(session) == [("1..1000", 1000), ("1001..2000", 1000), ("2001..2300", 300)]
    assert faults(session) == []


def test_a_second_time_only_what_came_is_sealed(session):
    session.add_all(change(number) for number in range(3))
    seal_all_of(session)
    seal_all_of(session)
    session.add(change(4))

    seal_all_of(session)

    assert links(session) == [("1..3", 3), ("4", 1)]
    assert unsealed(session) == []


def test_where_nothing_came_nothing_is_written(session):
    assert list(seal(session)) == []
    assert head(session) is None


def test_numbers_that_nobody_has_are_no_fault(session):
    """A statement that was rolled back has used up its numbers."""
    session.add(change(1))
    session.flush()
    session.add(change(2, id=9))

    seal_all_of(session)

    assert links(session) == [("1,9", 2)]
    assert faults(session) == []


@pytest.mark.parametrize("ids", [[1], [1, 2, 3], [1, 3], [-5, 1, 2, 7, 9, 10]])
def test_ranges_say_which_numbers(ids):
    assert numbers(ranges(ids)) == ids


def test_the_minutes_chore_seals_and_leaves_a_long_history_to_a_job(session, monkeypatch):
    monkeypatch.setattr(sealing, "PIECE", 2)
    monkeypatch.setattr(sealing, "BLOCK", 2)
    monkeypatch.setattr("kernel.chain.jobs.AT_ONCE", 10)
    session.add_all(change(number) for number in range(15))
    session.commit()

    seal_what_came(session)
    session.commit()
    left = [tail.rows for tail in unsealed(session)]
    for _step in seal_all(session, {}):
        session.commit()

    assert left == [5]
    assert rows(session, "SELECT kind FROM jobs") == [("seal",)]
    assert unsealed(session) == []
    assert faults(session) == []
    assert books.count(session, Job.__tablename__) == 1


def test_a_row_has_the_same_digest_on_both_databases(session):
    """Fixed here: whoever changes the canonical form has to add a form, or old seals break."""
    session.add(change(1, about="Dĩ An", because="“giá chợ” tăng"))
    session.commit()

    (found,) = digests(session, CHANGES, 1, after=0, until=10, most=10)

    assert values_of(session, CHANGES, 1, [1])[1][8:] == ["2021-09-06 02:30:00.123456", "“giá chợ” tăng"]
    assert found[1].hex() == "fbe0f1c8d723da6be820b06f22596f67526e8516dd170d93252fd5fcadfe0605"


def test_every_kind_of_value_has_one_form(session, a_whole_city):
    """Flags, days, moments and JSON are read as plain values, whatever the database keeps them as."""
    seen = {each.table: values_of(session, each, 1, [1]).get(1, []) for each in EVIDENCE}
    columns = {each.table: each.columns(1) for each in EVIDENCE}

    assert seen["allocations"][columns["allocations"].index("automatic")] is False
    assert seen["price_changes"][columns["price_changes"].index("over_limit")] is False
    day = seen["transfers"][columns["transfers"].index("booked_on")]
    assert date.fromisoformat(day) == clock.today()
    assert isinstance(seen["inbound_messages"][columns["inbound_messages"].index("raw")], dict)
    assert digest([1, {"b": 1, "a": 2}]) == digest([1, {"a": 2, "b": 1}])


def test_a_manifest_may_forget_names_and_nothing_else(session):
    order = make.paid_order()
    manifest = send(session, order.round)[0]
    seal_all_of(session)

    forget(session, [order], at=clock.now())
    session.commit()

    assert manifest.snapshot["stops"][0]["name"] == ""
    assert faults(session) == []


def test_a_column_that_comes_later_leaves_old_links_as_they_are(session, app):
    """An Evidence with a second form reads what was sealed before by the first."""
    before = Evidence("changes", (("kind", "subject_id"),))
    app.extensions["evidence"] = (before,)
    session.add(change(1))
    seal_all_of(session)
    app.extensions["evidence"] = (Evidence("changes", (("kind", "subject_id"), ("kind", "subject_id", "because"))),)
    session.add(change(2))
    seal_all_of(session)

    assert [form for (form,) in rows(session, "SELECT form FROM chain_links ORDER BY id")] == [1, 2]
    assert faults(session) == []


def test_everything_that_only_grows_is_evidence(session):
    """A table that refuses every UPDATE or DELETE is listed: whoever adds one is told here."""
    if session.get_bind().dialect.name == "sqlite":
        found = session.execute(
            text("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'")
        )
    else:
        found = session.execute(
            text(
                "SELECT DISTINCT event_object_table FROM information_schema.triggers"
                " WHERE event_manipulation = 'DELETE' AND trigger_schema = current_schema()"
            )
        )

    # A settlement that is not agreed yet may be drawn anew; what both agreed to is sealed by its event's SHA-256.
    others = {"chain_links", "bank_accounts", "settlements", "settlement_lines"}
    assert set(found.scalars()) - others == {each.table for each in EVIDENCE}


def test_what_is_sealed_exists(session):
    for each in EVIDENCE:
        assert {name for form in each.forms for name in form} <= set(Base.metadata.tables[each.table].columns.keys())


@ON_POSTGRESQL
def test_a_row_that_is_committed_late_is_not_passed_over(session):
    """Two connections: the first takes the lower number and commits last. Nothing is sealed around it."""
    with Session(db.engine) as slow, Session(db.engine) as quick:
        slow.add(change(1))
        slow.flush()
        quick.add(change(2))
        quick.commit()

        assert list(seal(session, patience=0.2)) == []
        session.commit()
        assert books.count(session, "chain_links") == 0
        slow.commit()

    seal_all_of(session)

    assert links(session) == [("1..2", 2)]
    assert faults(session) == []


@ON_POSTGRESQL
def test_the_control_without_waiting_it_would_be_taken_for_a_forgery(session, monkeypatch):
    monkeypatch.setattr(sealing, "_written", lambda *_nobody: True)
    with Session(db.engine) as slow, Session(db.engine) as quick:
        slow.add(change(1))
        slow.flush()
        quick.add(change(2))
        quick.commit()
        seal_all_of(session)
        slow.commit()

    assert [(fault.wrong, fault.row_id) for fault in faults(session)] == [(Wrong.INSERTED, 1)]


@ON_POSTGRESQL
def test_who_begins_to_write_later_is_not_waited_for(session):
    """Somebody always writes: the sealer waits for those who wrote as it looked, and no others."""
    with Session(db.engine) as first, Session(db.engine) as second:
        first.add(change(1))
        first.commit()
        second.add(change(2))
        second.flush()
        naps = []

        def nap(*_args):
            naps.append(1)
            second.commit()
            first.add(change(3))
            first.flush()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sealing, "sleep", nap)
            steps = list(seal(session))
        session.commit()

        assert (len(naps), len(steps)) == (1, 1)
        assert links(session) == [("1", 1)]
        first.commit()

    seal_all_of(session)
    assert links(session) == [("1", 1), ("2..3", 2)]
    assert faults(session) == []


@ON_POSTGRESQL
def test_nobody_who_writes_waits_for_the_sealer(session):
    session.add(change(1))
    session.commit()
    steps = seal(session)
    next(steps)

    with Session(db.engine) as other:
        other.execute(text("SET lock_timeout = '1s'"))
        other.add(change(2))
        other.commit()

    assert list(steps) == []
    session.commit()


@ON_POSTGRESQL
def test_a_row_is_the_same_whatever_the_session_is_set_to(session):
    """What a restored database may come with."""
    make.paid_order()
    seal_all_of(session)

    for setting in ("TIME ZONE 'Asia/Ho_Chi_Minh'", "bytea_output = 'escape'", "extra_float_digits = 0"):
        session.execute(text(f"SET {setting}"))
        session.commit()

    assert faults(session) == []
