"""Steps of what is told and closed: webhooks beside statements, clerks' words on what is in doubt, days sealed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, timedelta
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from kernel import clock
from kernel.chain import seal as chain
from kernel.chain.verify import verify as verify_chain
from orders.payments.close import verify as closes
from orders.payments.close.seal import Sealer, Typed, seal
from orders.payments.feeds.hooks.booking import book_call
from orders.payments.feeds.hooks.models import CallState, HookCall
from orders.payments.feeds.statement import Row
from orders.payments.feeds.tellings.told import Feed
from orders.payments.jobs import reconcile_all
from tests import providers
from tests.histories.city import BEGIN
from tests.histories.machine import History, pick

NOT_WHAT_WAS_SEALED = """
    SELECT s.id FROM day_seals s
    WHERE s.version = (SELECT MAX(o.version) FROM day_seals o WHERE o.account_id = s.account_id AND o.day = s.day)
    AND s.incoming <> COALESCE((SELECT SUM(t.amount) FROM transfers t
        WHERE t.account_id = s.account_id AND t.booked_on = s.day
        AND t.id NOT IN (SELECT l.transfer_id FROM late_movements l WHERE l.transfer_id IS NOT NULL
            AND l.seal_id = s.id)), 0)
"""


def _alike(row: Row) -> tuple[date, int, str]:
    """What two feeds tell alike of a movement, by which they are known to be one."""
    return row.booked_on, row.signed, "".join(row.memo.split())


class Days(History):
    """A city whose money is told twice, and whose days are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.hooked: set[int] = set()
        self.attempts = count(1)

    @precondition(lambda self: any(row.signed > 0 for row in self.city.truth.movements))
    @rule(which=pick, again=st.booleans())
    def a_webhook_tells(self, which: int, again: bool) -> None:
        """Of money that came in: of an old movement or the newest, once or twice."""
        incoming = [place for place, row in enumerate(self.city.truth.movements) if row.signed > 0]
        place = incoming[-1 - which % len(incoming)]
        for _time in range(1 + again):
            self._call(place)
        self.hooked.add(place)
        for _step in reconcile_all(self.session, {}):
            self.session.commit()
        self.session.commit()

    def _call(self, place: int) -> None:
        row = self.city.truth.movements[place]
        told = providers.casso(
            place + 1,
            row.amount,
            row.memo,
            at=row.booked_at,
            reference=row.reference,
            accountNumber=self.city.account.number,
            bankName="Agribank",
            bankAbbreviation="AGR",
        )
        body = json.dumps(
            {**told, "attempt": next(self.attempts)}
        ).encode()  # worded anew: the number tells that it is known
        call = HookCall(
            provider=Feed.CASSO,
            digest=hashlib.sha256(body).hexdigest(),
            body=body,
            sent_at="",
            state=CallState.RECEIVED,
            received_at=clock.now(),
        )
        self.session.add(call)
        self.session.flush()
        book_call(self.session, call.id, at=clock.now())
        self.session.commit()

    @rule(days_ago=st.integers(0, 4), head=st.booleans())
    def a_day_is_closed(self, days_ago: int, head: bool) -> None:
        day = max(clock.local(BEGIN).date(), clock.today() - timedelta(days=days_ago))
        sealer = Sealer("kinhte1", "Nhân viên Mận", clock.now(), heads=head, because="the bank's own sheet says so")
        opening = Typed(5_000_000, "the bank's letter")
        self.take(lambda: seal(self.session, self.city.account.id, day, sealer, typed=opening))

    def expected(self) -> tuple[int, int]:
        """What came in: of movements that look alike, as many as the feed that told most of them."""
        movements = self.city.truth.movements
        statement = Counter(_alike(row) for row in movements[: self.city.truth.told])
        hooked = Counter(_alike(movements[place]) for place in self.hooked)
        told = {key: max(statement[key], hooked[key]) for key in {*statement, *hooked}}
        came = sum(often * signed for (_day, signed, _memo), often in told.items() if signed > 0)
        return came, self.city.truth.sums()[1]

    def books_hold_what_moved(self) -> None:
        """No đồng more than moved; none less, unless it waits in quarantine."""
        came, went = self.city.booked()
        expected_in, expected_out = self.expected()
        assert went == expected_out, "what went out is not what was booked"
        assert came <= expected_in, "more was booked than came in"
        if not self.city.numbers("SELECT id FROM doubts"):
            assert came == expected_in, "less was booked than came in"

    @invariant()
    def what_was_sealed_stays(self) -> None:
        self.session.rollback()
        assert [looked.fault for looked in closes.verify(self.session) if looked.fault] == []
        assert self.city.numbers(NOT_WHAT_WAS_SEALED) == [], "a sealed day is not what it was, and nothing tells so"

    def teardown(self) -> None:
        self.session.rollback()
        chain.seal_now(self.session)
        self.session.commit()
        faults = [fault for looked in verify_chain(self.session) for fault in looked.faults]
        super().teardown()
        assert faults == [], "rows are not what was sealed"
