"""A parcel is the same whatever the order in which phones tell of it, and however often."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock
from suppliers.door.fold import ATTEMPTS, UNDO, Marked, Told, fold
from suppliers.door.models import DoorKind, DoorOutcome
from suppliers.models import ParcelState

MORNING = clock.at(clock.today(), 8)


def at(minutes):
    return MORNING + timedelta(minutes=minutes)


def delivered(key, minutes):
    return Told(key, DoorKind.DELIVERED, at(minutes))


def failed(key, minutes):
    return Told(key, DoorKind.FAILED, at(minutes))


def undone(key, minutes, what):
    return Told(key, DoorKind.UNDONE, at(minutes), what)


def test_handed_over():
    folded = fold([delivered("a", 0)])

    assert (folded.state, folded.by, folded.outcomes) == (ParcelState.DELIVERED, "a", {"a": DoorOutcome.APPLIED})


def test_a_second_attempt_may_bring_it_after_all():
    folded = fold([failed("a", 0), delivered("b", 60)])

    assert (folded.state, folded.by, folded.attempts) == (ParcelState.DELIVERED, "b", 1)


def test_after_two_attempts_in_vain_the_third_is_kept_aside():
    folded = fold([failed(key, number) for number, key in enumerate("abc")])

    assert folded.attempts == ATTEMPTS == 2
    assert folded.outcomes["c"] is DoorOutcome.NO_MORE_ATTEMPTS


def test_the_office_may_send_it_out_again_after_two():
    folded = fold([failed("a", 0), failed("b", 10), failed("c", 30)], [Marked(ParcelState.DISPATCHED, at(20))])

    assert (folded.state, folded.attempts, folded.outcomes["c"]) == (ParcelState.FAILED, 1, DoorOutcome.APPLIED)


@pytest.mark.parametrize("later", [delivered("b", 5), failed("b", 5)], ids=["delivered", "failed"])
def test_what_comes_after_the_handing_over_is_kept_aside(later):
    folded = fold([delivered("a", 0), later])

    assert (folded.state, folded.by) == (ParcelState.DELIVERED, "a")
    assert folded.outcomes["b"] is DoorOutcome.ALREADY_DELIVERED


def test_a_mark_is_taken_back_within_ten_minutes():
    folded = fold([delivered("a", 0), undone("b", 10, "a")])

    assert (folded.state, folded.by) == (ParcelState.DISPATCHED, None)
    assert folded.outcomes == {"a": DoorOutcome.UNDONE, "b": DoorOutcome.APPLIED}


def test_a_moment_later_it_is_too_late():
    late = Told("b", DoorKind.UNDONE, at(0) + UNDO + timedelta(milliseconds=1), "a")

    folded = fold([delivered("a", 0), late])

    assert (folded.state, folded.outcomes["b"]) == (ParcelState.DELIVERED, DoorOutcome.TOO_LATE)


def test_taking_back_what_has_not_come_yet_waits_for_it():
    assert fold([undone("b", 1, "a")]).outcomes == {"b": DoorOutcome.WAITING}


def test_taking_back_is_not_taken_back():
    folded = fold([delivered("a", 0), undone("b", 1, "a"), undone("c", 2, "b")])

    assert (folded.state, folded.outcomes["c"]) == (ParcelState.DISPATCHED, DoorOutcome.WAITING)


def test_an_attempt_that_was_undone_is_none():
    folded = fold([failed("a", 0), undone("b", 1, "a"), failed("c", 2), failed("d", 3)])

    assert (folded.attempts, folded.outcomes["d"]) == (2, DoorOutcome.APPLIED)


def test_what_the_supplier_marks_counts_at_its_time():
    folded = fold([delivered("a", 0)], [Marked(ParcelState.DELIVERED, at(-5))])

    assert (folded.by, folded.outcomes["a"]) == (None, DoorOutcome.ALREADY_DELIVERED)


def test_what_was_handed_over_does_not_fail_by_a_later_mark_of_the_supplier():
    folded = fold([delivered("a", 0)], [Marked(ParcelState.FAILED, at(10))])

    assert (folded.state, folded.by, folded.outcomes["a"]) == (ParcelState.DELIVERED, "a", DoorOutcome.APPLIED)


STEPS = [delivered("a", 3), failed("b", 1), undone("c", 4, "a"), failed("d", 6), delivered("e", 9)]


@pytest.mark.parametrize("order", list(permutations(STEPS)), ids=lambda order: "".join(each.key for each in order))
def test_every_order_ends_alike(order):
    assert fold(order) == fold(STEPS)


@st.composite
def tellings(draw):
    keys = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8))
    return [
        Told(
            key,
            kind,
            at(draw(st.integers(0, 15))),
            draw(st.sampled_from("abcdefgh")) if kind is DoorKind.UNDONE else None,
        )
        for key in keys
        for kind in [draw(st.sampled_from(DoorKind))]
    ]


marks = st.lists(
    st.builds(Marked, st.sampled_from(ParcelState), st.integers(0, 15).map(at)),
    max_size=2,
    unique_by=lambda mark: mark.at,
)


@given(tellings(), marks, st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_ends_alike(told, marked, random):
    again = [*told, *random.sample(told, len(told) // 2)]
    random.shuffle(again)

    assert fold(again, random.sample(marked, len(marked))) == fold(told, marked)


@given(tellings(), marks)
def test_everything_told_has_an_outcome_and_at_most_one_brought_it(told, marked):
    folded = fold(told, marked)

    assert folded.outcomes.keys() == {each.key for each in told}
    brought = [
        each for each in told if each.kind is DoorKind.DELIVERED and folded.outcomes[each.key] is DoorOutcome.APPLIED
    ]
    assert len(brought) <= 1 + sum(mark.became is ParcelState.DISPATCHED for mark in marked)
