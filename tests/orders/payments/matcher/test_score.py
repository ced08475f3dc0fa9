"""Weights, posteriors and clues."""

import pytest

from orders.payments.matcher.candidates import NOTHING
from orders.payments.matcher.decide import decide_all, open_desk
from orders.payments.matcher.facts import ClueKind, Status, Verdict
from orders.payments.matcher.score import Owing, Scored, score
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.weights import load
from orders.payments.matcher.wording import in_words, why
from tests.orders.payments.matcher.facts import HUNG, decided, noise, order, transfer


def test_a_rare_name_proves_more_than_a_common_one() -> None:
    rare, common = (
        order(name="Quách Diễm My", phone="0933333333"),
        order(name="Nguyễn Thị Hương Aa", phone="0922222222"),
    )

    def certainty(name: str) -> float:
        (decision,) = decided([rare, common], transfer(f"{name} chuyen tien"))
        return decision.candidates[0].posterior if decision.candidates else 0.0

    assert certainty("QUACH DIEM MY") > certainty("NGUYEN THI HUONG AA")


def test_posteriors_never_sum_to_more_than_one() -> None:
    (decision,) = decided([order(), order(address="elsewhere")], transfer("Nguyen Thi Lan_0912345678_An Binh"))

    assert decision.verdict is Verdict.REVIEW
    assert 0.9 < sum(candidate.posterior for candidate in decision.candidates) <= 1.0001


def test_each_clue_says_where_the_memo_holds_what_it_read() -> None:
    memo = "MBVCB.1234567890.Nguyen Thi Lan_0912345678_An Binh.CT tu 123456 AI DO toi 1013456789 PKT"

    (decision,) = decided([order()], transfer(memo))

    read = {clue.kind: memo[slice(*clue.span)] for clue in decision.candidates[0].clues if clue.span}
    assert read == {ClueKind.PHONE: "0912345678", ClueKind.NAME: "Nguyen Thi Lan", ClueKind.WARD: "An Binh"}


def test_what_fits_nothing_has_no_candidates() -> None:
    (decision,) = decide_all(noise(), [transfer("chuyen khoan", 12_345)])

    assert (decision.verdict, decision.candidates) == (Verdict.UNMATCHED, ())


def test_the_phone_of_another_order_speaks_against_the_one_that_the_code_names() -> None:
    named, called = order(**HUNG), order()
    memo = f"{named.code} {called.phone}"

    (decision,) = decided([named, called], transfer(memo))
    first = decision.candidates[0]
    against = [clue for clue in first.clues if clue.weight < 0]

    assert (decision.verdict, first.code) == (Verdict.REVIEW, named.code)
    assert [(clue.kind, clue.read, memo[slice(*clue.span or (0, 0))]) for clue in against] == [
        (ClueKind.CONTRADICTION, called.phone, called.phone)
    ]
    assert 0.4 < decision.confidence < 0.9


def test_a_phone_of_no_order_or_of_the_same_one_is_no_contradiction() -> None:
    named = order()

    for phone in ("0977777777", named.phone):
        (decision,) = decided([named], transfer(f"{named.code} {phone}"))
        assert all(clue.weight > 0 for clue in decision.candidates[0].clues)


@pytest.mark.parametrize("kind", ClueKind)
def test_every_kind_of_clue_has_words(kind: ClueKind) -> None:
    (decision,) = decided([order()], transfer("0912345678"))
    clue = decision.candidates[0].clues[0]._replace(kind=kind)

    assert in_words(clue).endswith(f"({load().phone:+.1f})")
    assert "{" not in in_words(clue._replace(read="")) + why(decision)


@pytest.mark.parametrize("pointed_by", ["code", "phone", "name"])
def test_calibration_keeps_the_order_of_posteriors(pointed_by: str) -> None:
    sure = [load().calibrated(posterior, pointed_by) for posterior in (0.0, 0.3, 0.9, 1.0)]

    assert sure == sorted(set(sure))
    assert 0 <= sure[0] < sure[-1] <= 1


NAMESAKES = [
    order(),
    order(phone="0922222222"),
    order(phone="0933333333", ward="Dĩ An"),
    order(phone="0944444444", hours=3),
    order(phone="0955555555", status=Status.EXPIRED),
    order(500_000, phone="0966666666"),
]
NAMING = {
    "a name and a ward": transfer("Nguyen Thi Lan phuong An Binh"),
    "a purpose": transfer("Nguyen Thi Lan hoc phi"),
    "the beginning of a phone": transfer("Nguyen Thi Lan 0922"),
    "an account known": transfer("Nguyen Thi Lan", aliases=("0922222222",)),
}


@pytest.mark.parametrize("said", NAMING)
def test_each_of_many_namesakes_is_scored_as_if_it_were_the_only_one(said: str) -> None:
    desk = open_desk([*NAMESAKES, *noise()])
    together = Sight(NAMING[said], desk.book)

    def scored(sight: Sight, number: int) -> Scored:
        one = NAMESAKES[number]
        return score(sight, desk, number=number, points=NOTHING, owing=Owing(one.owed or one.total, state=one.status))

    shared = [scored(together, number) for number in range(len(NAMESAKES))]

    assert shared == [scored(Sight(NAMING[said], desk.book), number) for number in range(len(NAMESAKES))]
    assert len({one.clues for one in shared}) > 3
