"""Wrappers of every template, damaged as banks damage them, up to the decision: nothing of theirs is ever evidence."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.matching.wrappers import ROUTES, Sender, around
from orders.payments.matcher.decide import decide_all
from orders.payments.matcher.facts import Decision, OrderFacts, Status, TransferFacts, Verdict
from orders.payments.memo import take_apart

AT = datetime(2021, 8, 30, 3, 11, 12, tzinfo=UTC)
PAYER, PHONE = "TRAN VAN HUNG", "0987654321"
BODIES = ("Nguyen Thi Lan_0912345678_An Binh", "DCKHV6B9D 0912345678")
SILENT = ("chuyen tien", "TRAN VAN HUNG chuyen tien", "", "Tran Van Hung", "cam on")
TEMPLATES = sorted({template for templates in ROUTES.values() for template in templates})


def order(code: str, name: str, phone: str, ward: str) -> OrderFacts:
    hour = timedelta(hours=1)
    return OrderFacts(code, name, phone, ward, "1 A", 300000, 300000, AT - hour, AT + 9 * hour, Status.AWAITING)


PAYERS_OWN = order("DC2CYTZ9S", "Trần Văn Hùng", PHONE, "Dĩ An")
WANTED = order("DCKHV6B9D", "Nguyễn Thị Lan", "0912345678", "An Bình")
OTHERS = [
    order(f"DCAAAAA{a}{b}", f"Lê Thị {a}{b}", f"03{ord(a):04d}{ord(b):04d}", "Dĩ An") for a in "BCDE" for b in "FGHJK"
]


def decided(memo: str) -> Decision:
    (decision,) = decide_all([PAYERS_OWN, WANTED, *OTHERS], [TransferFacts("T", AT, AT, 300000, memo)])
    return decision


def wrapper(template: str, *, seed: int, account: str = PHONE) -> tuple[str, str]:
    return around(Random(seed), template, Sender(PAYER, account, AT))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str, str]:
    """A template's head and tail, damaged in one place or one way; and its name."""
    template = draw(st.sampled_from(TEMPLATES))
    head, tail = wrapper(template, seed=draw(st.integers(0, 10**6)))
    way = draw(st.sampled_from(["inject", "swallow", "upper", "lower", "-", "_", "no _", "cut"]))
    places = [*range(len(head)), *range(len(head) + 1, len(head) + len(tail))]
    if way == "cut":
        return head, tail[: draw(st.integers(0, len(tail)))], template
    if way in ("upper", "lower"):
        return getattr(head, way)(), getattr(tail, way)(), template
    if way in ("-", "_", "no _"):
        blank = "" if way == "no _" else " "
        return head.replace(way[-1], blank), tail.replace(way[-1], blank), template
    gaps = [i for i in places if (head + tail)[i - (i > len(head)) : i + (i <= len(head))] == " "]
    if not places or (way == "swallow" and not gaps):
        return head, tail, template
    at = draw(st.sampled_from(gaps if way == "swallow" else places))
    skip = 1 if way == "swallow" else 0
    put = "" if way == "swallow" else " "
    if at < len(head):
        return head[:at] + put + head[at + skip :], tail, template
    at -= len(head) + 1
    return head, tail[:at] + put + tail[at + skip :], template


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("body", BODIES)
def test_every_template_leaves_just_the_body(template: str, body: str) -> None:
    head, tail = wrapper(template, seed=1)
    parts = take_apart(head + body + tail)

    assert (head + body + tail)[parts.start : parts.end].strip() == body


@settings(max_examples=400, deadline=None)
@given(damaged(), st.sampled_from(SILENT))
def test_a_wrapper_damaged_in_one_place_never_pays_the_payers_own_order(
    wrapping: tuple[str, str, str], body: str
) -> None:
    head, tail, _ = wrapping

    assert decided(head + body + tail).verdict is not Verdict.MATCHED


@settings(max_examples=400, deadline=None)
@given(damaged(), st.sampled_from(BODIES))
def test_what_the_payer_wrote_is_read_through_a_damaged_wrapper(wrapping: tuple[str, str, str], body: str) -> None:
    head, tail, _ = wrapping

    assert decided(head + body + tail).allocations == ((WANTED.code, 300000),)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TEMPLATES), st.integers(0, 10**6), st.sampled_from(BODIES + SILENT), st.data())
def test_cut_at_any_length_the_payers_account_is_no_evidence(
    template: str, seed: int, body: str, data: st.DataObject
) -> None:
    head, tail = wrapper(template, seed=seed)
    memo = head + body + tail
    cut = memo[: data.draw(st.integers(0, len(memo)))]

    assert (PAYERS_OWN.code, 300000) not in decided(cut).allocations


@pytest.mark.parametrize("where", ["start", "middle", "end"])
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("body", SILENT[1:3])
def test_a_phone_within_a_trace_number_is_no_evidence(
    template: str, body: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_phone(chance: Random, count: int) -> str:
        other = "".join(chance.choices("123456789", k=max(0, count - len(PHONE))))
        at = {"start": 0, "middle": len(other) // 2, "end": len(other)}[where]
        return (other[:at] + PHONE + other[at:]) if count >= len(PHONE) else "1" * count

    monkeypatch.setattr("bench.matching.wrappers.digits", with_phone)
    head, tail = wrapper(template, seed=1, account="19001234567")

    assert decided(head + body + tail).verdict is not Verdict.MATCHED
    for i in range(len(head)):
        assert decided(f"{head[:i]} {head[i:]}{body}{tail}").verdict is not Verdict.MATCHED, i


def test_the_payers_account_in_an_unknown_wrapper_is_masked_where_the_memo_shows_that_it_is_one() -> None:
    for memo in (
        f"OCB*{PHONE}*{PAYER}*chuyen tien",
        f"REF 123456789012 F/O {PAYER} B/O {PHONE} chuyen tien",
        f"chuyen tien TU TK {PHONE}",
        f"[10:11] chuyen tien (TK {PHONE} - {PAYER})",
        f"VNPAY.123456789012.{PHONE}.chuyen tien",
        f"chuyen tien /Ref:AB12CD34EF56GH123456/{PHONE}",
        f"1234567890123456-chuyen tien-CHUYEN TIEN TU {PHONE} {PAYER}",
    ):
        assert decided(memo).verdict is not Verdict.MATCHED, memo
        assert decided(memo.replace("chuyen tien", BODIES[0], 1)).candidates[0].code == WANTED.code, memo


def test_a_phone_that_is_also_the_payers_account_counts_where_the_payer_wrote_it() -> None:
    """Some banks' accounts are people's own phones: the city's form then holds the account, and means the order."""
    form = f"Tran Van Hung_{PHONE}_Di An"
    transfer = TransferFacts("T", AT, AT, 300000, form, payer_account=PHONE)

    (alone,) = decide_all([PAYERS_OWN, WANTED], [transfer])
    assert alone.allocations == ((PAYERS_OWN.code, 300000),)
    default = TransferFacts("T", AT, AT, 300000, f"{PHONE} {PAYER} chuyen tien", payer_account=PHONE)
    assert decide_all([PAYERS_OWN, WANTED], [default])[0].verdict is not Verdict.MATCHED
