"""Which tellings are one movement: by reference, by memo, by number; and where a person has to look."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from kernel import clock
from orders.payments.feeds.tellings.pairing import Standing, Why, pair
from orders.payments.feeds.tellings.told import Feed, Told
from orders.payments.intervals import interval

DAY = date(2021, 8, 30)
MEMO = "DCK7M2Q9A 0912345678"
WRAPPED = f"MBVCB.1234567890.{MEMO}.CT tu 0123456789 NGUYEN VAN AN toi 1013456789 PHONG KINH TE"


def told(
    key: str,
    memo: str = MEMO,
    *,
    feed: Feed = Feed.STATEMENT,
    day: date = DAY,
    hour: int | None = None,
    amount: int = 100_000,
    reference: str = "",
    payer: str = "",
    also: str = "",
) -> Told:
    at = None if hour is None else datetime(day.year, day.month, day.day, hour, 7, 9, tzinfo=clock.VIETNAM)
    earliest, latest = interval(day, at)
    return Told(feed, key, amount, day, earliest, latest, earliest, reference, memo, payer_account=payer, also=also)


def hook(key: str, memo: str = MEMO, *, hour: int = 10, **about: object) -> Told:
    return told(key, memo, feed=Feed.SEPAY, hour=hour, **about)  # type: ignore[arg-type]


def standing(*tellings: Told) -> list[Standing]:
    return [Standing(number, each) for number, each in enumerate(tellings, start=1)]


def joined(rows: list[Told], *stands: Told) -> dict[str, int]:
    paired = pair(rows, standing(*stands))
    assert not paired.doubtful
    return paired.joined


def doubts(rows: list[Told], *stands: Told) -> dict[str, tuple[Why, list[int]]]:
    paired = pair(rows, standing(*stands))
    assert not paired.joined
    return paired.doubtful


@pytest.mark.parametrize(
    ("row", "call"),
    [
        (told("r"), hook("1")),
        (told("r", "DCK7 M2Q9A  09123 45678"), hook("1")),
        (told("r", WRAPPED), hook("1")),
        (told("r", WRAPPED), hook("1", "SMS: +100,000 ND " + WRAPPED, also=MEMO)),
        (told("r", "NGUYEN THI LAN CHUYEN KHOAN TI"), hook("1", "NGUYEN THI LAN chuyen khoan tien hang")),
        (told("r", "x", reference="5213.45946"), hook("1", "x", reference="5213 - 45946")),
        (told("r", f"{MEMO} FT21242123456789"), hook("1", "", reference="FT21242123456789")),
        (
            told("r", MEMO, day=DAY + timedelta(days=1), reference="FT21242123456789"),
            hook("1", reference="FT21242123456789"),
        ),
        (told("r", ""), hook("1", "")),
    ],
    ids=range(9),
)
def test_one_movement_told_twice_is_one_from_either_side(row, call):
    assert joined([row], call) == {"r": 1}
    assert joined([call], row) == {"1": 1}


@pytest.mark.parametrize(
    ("row", "call"),
    [
        (told("r", amount=100_001), hook("1")),
        (told("r", day=DAY + timedelta(days=2), reference="FT21242123456789"), hook("1", reference="FT21242123456789")),
        (told("r", day=DAY - timedelta(days=1)), hook("1", hour=10)),
        (told("r", "tien an"), hook("1", "tien nha")),
        (told("r", "tien an"), hook("1", "tien an com")),
        (told("r", "DCK7M2Q9A 0912345678"), hook("1", "DC2345678 0912345678")),
        (told("r", "chuyen tien", payer="0123456789"), hook("1", "chuyen tien", payer="9876543210")),
    ],
    ids=range(7),
)
def test_two_movements_are_two(row, call):
    assert joined([row], call) == {}
    assert joined([call], row) == {}


@pytest.mark.parametrize(
    ("row", "call", "why"),
    [
        (told("r", "tien an", reference="5213.45946"), hook("1", "tien nha", reference="5213.45946"), Why.REFERENCE),
        (told("r", "tien an 0912345678"), hook("1", "0912345678 nha so 5"), Why.UNLIKE),
        (told("r", day=DAY + timedelta(days=1)), hook("1", hour=22), Why.NEXT_DAY),
    ],
    ids=["reference", "unlike", "next day"],
)
def test_where_it_cannot_be_told_a_person_looks_at_both(row, call, why):
    assert doubts([row], call) == {"r": (why, [1])}
    assert doubts([call], row) == {"1": (why, [1])}


def test_a_memo_within_several_is_in_doubt():
    cut = told("r", "NGUYEN THI LAN MUA")
    longer = [hook("1", "NGUYEN THI LAN MUA GAO"), hook("2", "NGUYEN THI LAN MUA RAU")]

    assert doubts([cut], *longer) == {"r": (Why.SEVERAL, [1, 2])}
    assert doubts(longer, cut) == {"1": (Why.SEVERAL, [1]), "2": (Why.SEVERAL, [1])}


@pytest.mark.parametrize(("rows", "calls"), [(2, 2), (3, 2), (2, 3), (1, 4)])
def test_twins_pair_one_to_one(rows, calls):
    paired = joined([told(f"r{n}") for n in range(rows)], *[hook(str(n)) for n in range(calls)])

    assert len(paired) == min(rows, calls)
    assert len(set(paired.values())) == len(paired)


def test_among_twins_the_one_of_its_own_reference_is_taken():
    stands = [hook(str(n), reference=f"FT2124212345678{n}") for n in range(3)]
    rows = [told(f"r{n}", reference=f"FT2124212345678{n}") for n in (2, 0)]

    assert joined(rows, *stands) == {"r2": 3, "r0": 1}


def test_the_whole_memo_goes_before_what_the_payer_wrote():
    whole = [
        f"MBVCB.123456789{n}.chuyen tien.CT tu 012345678{n} NGUYEN VAN AN toi 1013456789 PHONG KINH TE" for n in (1, 2)
    ]

    assert joined([told("r", whole[1])], hook("1", whole[0]), hook("2", whole[1])) == {"r": 2}


def test_a_telling_is_the_same_after_its_way_through_json():
    one = hook("1", WRAPPED, reference="FT1", also="x")

    assert Told.from_json(one.to_json()) == one
    assert replace(one, key="2") != one


def test_thousands_of_equal_memos_are_paired_in_no_time():
    rows = [told(f"r{n}", "chuyen tien mua hang") for n in range(3_000)]
    calls = [hook(str(n), "chuyen tien mua hang") for n in range(3_000)]

    assert len(joined(rows, *calls)) == 3_000
