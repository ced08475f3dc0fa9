"""The matcher's word as the desk keeps it: marks in the memo, versions, candidates as the orders stand now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock
from orders.models import OrderState
from orders.payments.clue_words import CluePhrase
from orders.payments.desk import candidate_views, memo_marks
from orders.payments.marks import marks
from orders.payments.matcher.facts import Candidate, Clue, ClueKind, Decision, Verdict
from orders.payments.proposals import proposal_row, write_proposals
from tests import make
from tests.desk import pay, rows

MEMO = "DC2CYTZ9S 0912345678 Bưởi"
READ = (Clue(ClueKind.CODE, "DC2CYTZ9S", 20.0, (0, 9)), Clue(ClueKind.PHONE, "0912345678", 12.0, (10, 20)))


def clue(kind, span):
    return CluePhrase(kind, kind, "", 1.0, span and tuple(span))


def told(pieces):
    return [(piece.text, " ".join(clue.kind for clue in piece.clues)) for piece in pieces]


def asked(transfer, *codes):
    return Decision(
        transfer_id=str(transfer.id),
        verdict=Verdict.REVIEW,
        allocations=(),
        candidates=tuple(Candidate(code, 0.5, READ) for code in codes),
        confidence=0.5,
    )


def kept(session):
    return rows(session, "SELECT version, decided_at FROM proposals")


def test_what_a_clue_read_is_marked():
    found = marks(MEMO, [clue("phone", [10, 20]), clue("code", [0, 9]), clue("amount", None)])

    assert told(found) == [("DC2CYTZ9S", "code"), (" ", ""), ("0912345678", "phone"), (" Bưởi", "")]


def test_a_memo_without_clues_is_one_piece():
    assert told(marks(MEMO, [])) == [(MEMO, "")]


def test_clues_that_overlap_share_what_both_read_and_end_where_they_end():
    found = marks("abcdef", [clue("name", [0, 4]), clue("ward", [2, 6])])

    assert told(found) == [("ab", "name"), ("cd", "name ward"), ("ef", "ward")]
    assert [[each.kind for each in piece.ending] for piece in found] == [[], ["name"], ["ward"]]


def test_what_the_bank_wrote_around_the_memo_is_told_apart():
    found = marks("MBVCB.2498116249.Tran Van Kien.CT tu 788968133410 TRAN VAN KIEN", [clue("name", [17, 30])])

    assert [piece.banks for piece in found] == [True, False, True]
    assert told(found)[1] == ("Tran Van Kien", "name")


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(-3, 45), st.integers(-3, 45)), max_size=6),
)
def test_marks_show_each_letter_once_and_in_order(memo, spans):
    pieces = marks(memo, [clue("code", list(span)) for span in spans])

    assert "".join(piece.text for piece in pieces) == memo


def write(session, transfer, decision):
    write_proposals(session, {transfer.id: proposal_row(decision)}, at=clock.now())
    session.expire_all()


def test_the_same_decision_again_leaves_the_proposal_as_it_is(session, stopped_clock):
    transfer, order = make.transfer(memo=MEMO), make.order()
    decision = asked(transfer, order.code)
    write(session, transfer, decision)
    session.commit()
    first = kept(session)
    session.expire_all()

    stopped_clock.forward(hours=1)
    write(session, transfer, decision)
    session.commit()

    assert kept(session) == first


def test_another_one_is_a_new_version(session):
    transfer, order = make.transfer(memo=MEMO), make.order()
    write(session, transfer, asked(transfer, order.code))
    session.commit()

    write(session, transfer, asked(transfer, order.code)._replace(confidence=0.6))
    session.commit()

    assert [version for version, _decided_at in kept(session)] == [2]


def test_candidates_are_shown_as_their_orders_stand_now(session):
    transfer, orders = make.transfer(memo=MEMO), [make.order(total=200_000), make.order(state=OrderState.EXPIRED)]
    write(session, transfer, asked(transfer, *(order.code for order in orders), "DCGONE222"))
    pay(session, make.transfer(50_000), orders[0])

    views = candidate_views(session, transfer)

    assert [(view.order, view.owed) for view in views] == [(orders[0], 150_000), (orders[1], 100_000)]
    assert [phrase.read for phrase in views[0].clues] == ["DC2CYTZ9S", "0912345678"]
    assert told(views[0].memo)[0] == ("DC2CYTZ9S", "code")


def test_a_transfer_that_was_never_matched_has_no_candidates(session):
    transfer = make.transfer(memo=MEMO)

    assert candidate_views(session, transfer) == []
    assert told(memo_marks(transfer)) == [(MEMO, "")]


@pytest.mark.parametrize("span", [[5, 5], [7, 3], [50, 60]])
def test_a_span_that_marks_nothing_breaks_nothing(span):
    assert told(marks(MEMO, [clue("code", span)])) == [(MEMO, "")]
