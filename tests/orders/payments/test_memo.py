"""Wrappers of every declared route, whole and damaged."""

from datetime import UTC, datetime

import pytest

from orders.payments.memo import narrowed, stamp_of, take_apart

BODY = "Nguyen Thi Lan_0912345678_An Binh"
PAYER, ACCOUNT = "TRAN VAN HUNG", "0987654321"
TAIL = "CT tu 0987654321 TRAN VAN HUNG toi 1013456789 PHONG KINH TE TP DI AN"
ROUTES = {
    "vietcombank app": f"MBVCB.1234567890.{BODY}.{TAIL}",
    "vietcombank app, trace": f"MBVCB.12345678901.123456.{BODY}.{TAIL} tai VCB",
    "vietcombank app, bft": f"MBVCB.1234567890.1234BFTVG2AB12CD34.{BODY}.{TAIL}",
    "napas": f"123456.300821.101112.{BODY}",
    "napas, ft": f"123456.300821.101112.{BODY} FT21242123456789",
    "napas, ibft": f"123456.300821.101112.IBFT {BODY}",
    "napas, stamp": f"123456.300821.101112.{BODY}-300821-10:11:12 123456",
    "napas, account": f"123456.300821.101112.Vietcombank:1013456789:{BODY}",
    "momo partner": f"PARTNER.DIRECT_DEBITS_VCB.MSE.1234 1234567.30082021.12345678901-0987654321_{BODY}",
    "momo": f"123456.300821.101112.12345678901-0987654321-{BODY}",
    "zalopay": f"PARTNER.DIRECT_DEBITS_VCB.ZLP.123456789012.30082021.{BODY}",
    "vietinbank 247": f"CT nhanh 247 den: {BODY} (AB12CD34)",
    "vietinbank napas": f"Chuyen tien den tu NAPAS Noi dung: {BODY} FT21242123456789",
    "vietinbank time": f"{BODY}; thoi gian GD:30/08/2021 10:11:12",
    "vietinbank": f"CT DEN:AB12CD34EF56GH78 {BODY}",
    "bidv napas": f"1013456789 TKThe :0987654321, tai VPBank. {BODY} -CTLNHIDI123456789012345-1/1-CRE-002",
    "bidv": f"REM Tfr Ac:0987654321 O@L_123456_123456_0_0_12345678_{BODY}",
    "agribank": f"{BODY} FT21242123456789",
    "agribank mobile": f"MB(123456)({BODY})",
    "agribank zalopay": f"MA_GD:1|CASZLP|12345678901234 {BODY}",
    "mb": f"{BODY} Ma giao dich Trace123456 Trace 123456",
    "mb acsp": f"{BODY}- Ma GD ACSP/ xx123456",
    "mb qr": f"QR {BODY}- Ma GD ACSP/ xx123456",
    "mb app": f"TRAN VAN HUNG QAB12CD34  APPMB1 1  {BODY}",
    "acb": f"{BODY} GD 123456-300821 10:11:12",
    "sacombank": f"{BODY} FT21242123456789 CKN 123456 123456789 - VND-TGTT-TRAN VAN HUNG",
    "qr": f"QR - {BODY}",
    "alone": BODY,
}


def body_of(memo: str) -> str:
    parts = take_apart(memo)
    return memo[parts.start : parts.end].strip()


@pytest.mark.parametrize("memo", ROUTES.values(), ids=ROUTES)
def test_what_the_payer_wrote_is_found_in_every_route(memo: str) -> None:
    assert body_of(memo) == BODY


@pytest.mark.parametrize("memo", ROUTES.values(), ids=ROUTES)
def test_case_lost_and_spaces_swallowed_or_doubled_in_the_wrapper_change_nothing(memo: str) -> None:
    head, tail = memo.split(BODY)

    assert body_of(head.upper() + BODY + tail.upper()) == BODY
    assert body_of(head.lower() + BODY + tail.lower()) == BODY
    assert (
        body_of(head.replace(". ", ".  ") + BODY + tail.replace("CT tu", "CTtu ").replace("thoi gian", "thoigian"))
        == BODY
    )


@pytest.mark.parametrize("memo", ROUTES.values(), ids=ROUTES)
def test_cut_anywhere_the_bank_never_shows_the_payers_number_as_the_body(memo: str) -> None:
    for length in range(len(memo)):
        cut = body_of(memo[:length])
        assert "0987654321" not in cut or len(memo[:length]) < memo.find(BODY), cut


@pytest.mark.parametrize("route", [name for name, memo in ROUTES.items() if PAYER in memo])
def test_the_payers_name_is_taken_from_the_wrapper(route: str) -> None:
    assert take_apart(ROUTES[route]).payer == PAYER


@pytest.mark.parametrize("route", [name for name, memo in ROUTES.items() if ACCOUNT in memo])
def test_the_payers_account_and_wallet_are_named(route: str) -> None:
    parts = take_apart(ROUTES[route])

    assert (parts.wallet if "momo" in route else parts.account) == ACCOUNT


@pytest.mark.parametrize("route", ["vietcombank app", "bidv napas", "bidv", "momo"])
def test_a_wrap_column_within_the_payers_account_does_not_change_it(route: str) -> None:
    parts = take_apart(ROUTES[route].replace(ACCOUNT, f"{ACCOUNT[:4]} {ACCOUNT[4:]}"))

    assert ACCOUNT in (parts.wallet, parts.account)


def test_a_wallets_own_words_hold_nothing_that_the_payer_wrote() -> None:
    parts = take_apart("12345678901 0987654321 TRAN VAN HUNG chuyen tien qua MoMo")

    assert (parts.start, parts.wallet, parts.payer) == (parts.end, ACCOUNT, PAYER)


def test_a_phone_in_brackets_is_the_payers_own_unless_the_route_ends_in_a_code() -> None:
    assert body_of("123456.300821.101112.Lan An Binh (0912345678)").endswith("(0912345678)")
    assert body_of("CT nhanh 247 den: Lan (0912345678) (AB12CD34)") == "Lan (0912345678)"


def test_an_unknown_wrapper_is_all_body() -> None:
    memo = f"OCB*123*{BODY}*xyz"

    parts = take_apart(memo)

    assert (parts.start, parts.end, parts.wrapped) == (0, len(memo), False)


def test_letters_that_grow_in_capitals_do_not_shift_the_body() -> None:
    assert body_of(f"123456.300821.101112.Straße {BODY} FT21242123456789") == f"Straße {BODY}"


def test_a_stamp_narrows_the_day_and_one_outside_it_does_not() -> None:
    day = (datetime(2021, 8, 29, 17, tzinfo=UTC), datetime(2021, 8, 30, 16, 59, 59, tzinfo=UTC))
    moment = datetime(2021, 8, 30, 3, 11, 12, tzinfo=UTC)

    for route in ("napas", "napas, stamp", "vietinbank time", "acb"):
        assert narrowed(ROUTES[route], day[0], latest=day[1]) == (moment, moment), route
    assert narrowed("123456.310821.101112.x", day[0], latest=day[1]) == day
    assert stamp_of("123456.993399.101112.x") is None


HOSTILE = [
    "A",
    "1",
    " ",
    "MBVCB.",
    "CT tu ",
    "CT tu 1 ",
    ". ",
    "-",
    "(A",
    "FT1 ",
    "TGTT-",
    "GD 123456-",
    "-123456-12:34",
    "Q1A2B3C APPMB",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_however_long_a_memo_is_only_its_two_ends_are_searched(hostile: str) -> None:
    """160 characters at the start and 320 at the end: what stands between costs nothing and changes nothing."""
    long = (hostile * 2000)[:2000]
    other = long[:160] + "x" * (2000 - 481) + long[-321:]

    assert take_apart(long) == take_apart(other)


@pytest.mark.parametrize("code", ["DCEJWFT57", "DCFT23456", "DC2FT5789"])
def test_an_order_code_with_ft_in_it_is_no_banks_reference(code: str) -> None:
    for memo in (f"{code} 0750706698", f"{code}0750706698", f"{code} 0750706698 FT21026787774039"):
        parts = take_apart(memo)

        assert memo[parts.start : parts.end].strip().startswith(f"{code}"), memo
        assert "0750706698" in memo[parts.start : parts.end]
