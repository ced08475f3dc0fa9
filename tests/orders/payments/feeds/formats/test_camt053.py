"""CAMT.053: entries and batches in every version, what is not booked yet, and what is refused."""

from datetime import date, datetime, timedelta, timezone

import pytest

from orders.payments.feeds.balance import BalanceState, balances
from orders.payments.feeds.formats.camt053 import camt053_in, read_camt053
from orders.payments.feeds.formats.xml import root_of
from orders.payments.feeds.statement import Direction, FaultReason, Reason, Unreadable

IN, OUT = Direction.IN, Direction.OUT
SEVEN = timezone(timedelta(hours=7))
VERSIONS = [f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02}" for version in (2, 3, 4, 6, 8, 10, 12)]


def money(amount="100000", currency="VND", way="CRDT"):
    return f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>'


PAID = money()


def part(memo="DC2CYTZ9S 0912345678", amount=PAID, more=""):
    return f"<TxDtls>{amount}{more}<RmtInf><Ustrd>{memo}</Ustrd></RmtInf></TxDtls>"


def entry(*parts, amount=PAID, status="<Sts><Cd>BOOK</Cd></Sts>", day="<Dt>2021-08-30</Dt>", more=""):
    details = "".join(parts or [part()])
    return (
        f"<Ntry>{amount}{status}<BookgDt>{day}</BookgDt><AcctSvcrRef>R1</AcctSvcrRef>{more}"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def balance(code, amount, day="2021-08-30", way="CRDT"):
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{money(amount, way=way)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def account(number="<Othr><Id>1013456789</Id></Othr>", currency="VND", more=""):
    return f"<Acct><Id>{number}</Id><Ccy>{currency}</Ccy>{more}</Acct>"


def document(*entries, head=None, namespace=VERSIONS[4]):
    statement = f"<Stmt><Id>1</Id>{head or account()}{''.join(entries)}</Stmt>"
    return wrapped(statement, namespace=namespace)


def wrapped(*statements, namespace=VERSIONS[4]):
    return f'<Document xmlns="{namespace}"><BkToCstmrStmt>{"".join(statements)}</BkToCstmrStmt></Document>'.encode()


def read(*entries, **written):
    return read_raw(document(*entries, **written))


def read_raw(raw):
    message = camt053_in(root_of(raw))
    assert message is not None
    return read_camt053(message)


def refusals(*entries):
    return [(each.row, each.column, each.reason) for each in read(*entries).refusals]


@pytest.mark.parametrize("namespace", VERSIONS)
@pytest.mark.parametrize("status", ["<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>", ""])
def test_every_version_is_read(namespace, status):
    (row,) = read(entry(status=status), namespace=namespace).rows

    assert (row.amount, row.direction, row.booked_on) == (100_000, IN, date(2021, 8, 30))
    assert (row.memo, row.reference) == ("DC2CYTZ9S 0912345678", "R1")


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts><Cd>INFO</Cd></Sts>"])
def test_what_is_not_booked_yet_is_left_out_and_counted(status):
    statement = read(entry(), entry(status=status))

    assert (len(statement.rows), statement.left_out, statement.refusals) == (1, 1, ())


def test_a_batch_is_as_many_transfers_as_it_holds():
    parts = [part("a", money("60000")), part("b", money("50000")), part("c", money("10000", way="DBIT"))]

    rows = read(entry(*parts)).rows

    assert [(row.number, row.direction, row.amount, row.memo) for row in rows] == [
        (1, IN, 60_000, "a"),
        (2, IN, 50_000, "b"),
        (3, OUT, 10_000, "c"),
    ]


def test_older_versions_tell_a_parts_amount_elsewhere_and_no_direction():
    told = "<AmtDtls><TxAmt><Amt Ccy='VND'>50000</Amt></TxAmt></AmtDtls>"

    assert [row.amount for row in read(entry(part(amount=told), part(amount=told))).rows] == [50_000, 50_000]


@pytest.mark.parametrize("second", [money("30000"), money("50000", way="DBIT")])
def test_a_batch_that_does_not_add_up_is_refused(second):
    batch = entry(part(amount=money("60000")), part(amount=second))

    assert refusals(entry(), batch) == [(2, "TxDtls", Reason.PARTS_DIFFER)]


def test_a_batch_whose_parts_have_no_amounts_is_refused():
    assert refusals(entry(part(amount=""), part(amount=""))) == [(1, "Amt", Reason.NO_AMOUNT)]


def test_the_entry_counts_where_a_single_part_was_sent_in_another_currency():
    assert [row.amount for row in read(entry(part(amount=money("4", "USD")))).rows] == [100_000]


@pytest.mark.parametrize(("way", "direction"), [("CRDT", IN), ("DBIT", OUT)])
def test_a_reversal_went_the_way_it_says(way, direction):
    (row,) = read(entry(amount=money(way=way), more="<RvslInd>true</RvslInd>")).rows

    assert row.direction is direction


@pytest.mark.parametrize(
    ("amount", "column", "reason"),
    [
        (money("100000.50"), "Amt", Reason.FRACTION),
        (money("100.000,00"), "Amt", Reason.UNREADABLE_AMOUNT),
        (money("-5"), "Amt", Reason.UNREADABLE_AMOUNT),
        (money("0"), "Amt", Reason.NO_AMOUNT),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "Amt", Reason.NO_AMOUNT),
        (money("5", "USD"), "Amt", Reason.FOREIGN_CURRENCY),
        (money(way="PLUS"), "CdtDbtInd", Reason.UNKNOWN_SIGN),
        ('<Amt Ccy="VND">5</Amt>', "CdtDbtInd", Reason.UNKNOWN_SIGN),
    ],
)
def test_an_entry_that_is_not_sure_is_refused_and_the_rest_goes_on(amount, column, reason):
    assert refusals(entry(), entry(amount=amount), entry()) == [(2, column, reason)]


@pytest.mark.parametrize(
    ("written", "booked_on", "booked_at"),
    [
        ("<Dt>2021-08-30</Dt>", date(2021, 8, 30), None),
        ("<Dt>2021-08-30+07:00</Dt>", date(2021, 8, 30), None),
        ("<DtTm>2021-08-30T06:36:01+07:00</DtTm>", date(2021, 8, 30), datetime(2021, 8, 30, 6, 36, 1, tzinfo=SEVEN)),
        ("<DtTm>2021-08-30T06:36:01</DtTm>", date(2021, 8, 30), datetime(2021, 8, 30, 6, 36, 1, tzinfo=SEVEN)),
        (
            "<DtTm>2021-08-30T20:00:00.5Z</DtTm>",
            date(2021, 8, 31),
            datetime(2021, 8, 31, 3, 0, 0, 500000, tzinfo=SEVEN),
        ),
        ("<DtTm>2021-08-30T00:00:00</DtTm>", date(2021, 8, 30), None),
    ],
)
def test_days_and_moments_are_vietnams(written, booked_on, booked_at):
    (row,) = read(entry(day=written)).rows

    assert (row.booked_on, row.booked_at) == (booked_on, booked_at)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("<Dt>30/08/2021</Dt>", Reason.UNREADABLE_DATE),
        ("<Dt>2021-02-31</Dt>", Reason.UNREADABLE_DATE),
        ("<Dt>1821-08-30</Dt>", Reason.UNLIKELY_DATE),
        ("", Reason.NO_DATE),
    ],
)
def test_a_day_that_is_not_sure_is_refused(written, reason):
    assert refusals(entry(day=written)) == [(1, "BookgDt", reason)]


def test_the_payer_is_named_in_old_and_new_versions():
    old = (
        "<RltdPties><Dbtr><Nm>TRAN AN</Nm></Dbtr><DbtrAcct><Id><Othr><Id>880074</Id></Othr></Id></DbtrAcct></RltdPties>"
    )
    new = old.replace("<Nm>", "<Pty><Nm>").replace("</Nm>", "</Nm></Pty>")

    for row in read(entry(part(more=old)), entry(part(more=new))).rows:
        assert (row.payer_name, row.payer_account) == ("TRAN AN", "880074")


def test_a_long_memo_goes_on_in_the_next_piece():
    pieces = f"{'x' * 140}</Ustrd><Ustrd>012"

    assert [row.memo for row in read(entry(part(pieces)), entry(part("Lan</Ustrd><Ustrd>Di An"))).rows] == [
        "x" * 140 + "012",
        "Lan Di An",
    ]


def test_without_a_memo_what_else_the_bank_says_is_taken():
    (row,) = read(entry(part(""), more="<AddtlNtryInf>phi\n  SMS</AddtlNtryInf>")).rows

    assert row.memo == "phi SMS"


def test_balances_totals_period_bank_and_holder_are_read():
    head = account(
        more="<Ownr><Nm>PHONG KINH TE</Nm></Ownr><Svcr><FinInstnId><BICFI>ASCBVNVX</BICFI></FinInstnId></Svcr>"
    )
    period = "<FrToDt><FrDtTm>2021-08-30T00:00:00</FrDtTm><ToDtTm>2021-08-31T00:00:00</ToDtTm></FrToDt>"
    sums = (
        "<TxsSummry><TtlCdtNtries><Sum>100000</Sum></TtlCdtNtries><TtlDbtNtries><Sum>0</Sum></TtlDbtNtries></TxsSummry>"
    )
    around = period + head + balance("PRCD", 500, way="DBIT") + balance("CLBD", "99500.00") + sums

    statement = read(entry(), head=around)

    assert (statement.opening, statement.closing, statement.total_in, statement.total_out) == (-500, 99_500, 100_000, 0)
    assert (statement.bank_code, statement.holder) == ("ACB", "PHONG KINH TE")
    assert (statement.period_from, statement.period_to) == (date(2021, 8, 30), date(2021, 8, 30))
    assert balances(statement).state is BalanceState.AGREES


def test_several_statements_of_one_account_are_one():
    days = [
        f"<Stmt>{account()}{balance('OPBD', opening, day)}{balance('CLBD', closing, day)}{entry()}</Stmt>"
        for opening, closing, day in ((0, 100_000, "2021-08-30"), (100_000, 200_000, "2021-08-31"))
    ]

    statement = read_raw(wrapped(*days))

    assert ([row.number for row in statement.rows], statement.closing) == ([1, 2], 200_000)
    assert balances(statement).state is BalanceState.AGREES


def test_two_accounts_and_foreign_money_are_refused():
    one, other = (f"<Stmt>{account(f'<IBAN>{number}</IBAN>')}{entry()}</Stmt>" for number in ("1111", "2222"))
    with pytest.raises(Unreadable) as several:
        read_raw(wrapped(one, other))
    with pytest.raises(Unreadable) as foreign:
        read(entry(), head=account(currency="USD"))

    assert several.value.reason is FaultReason.SEVERAL_STATEMENTS
    assert foreign.value.reason is FaultReason.FOREIGN_CURRENCY


def test_a_document_that_was_cut_off_or_brings_entities_is_refused():
    whole = document(entry())
    for raw, reason in (
        (whole[:-20], FaultReason.BROKEN),
        (b'<!DOCTYPE x SYSTEM "http://example.com/x.dtd">' + whole, FaultReason.FORBIDDEN),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + whole, FaultReason.FORBIDDEN),
    ):
        with pytest.raises(Unreadable) as refusal:
            root_of(raw)
        assert refusal.value.reason is reason


def test_an_envelope_a_prefix_and_blanks_before_it_do_not_matter():
    plain = document(entry())
    prefixed = plain.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b" xmlns=", b" xmlns:x=")

    for raw in (b"\r\n  " + plain, b"<Envelope><AppHdr/>" + plain + b"</Envelope>", prefixed):
        assert [row.amount for row in read_raw(raw).rows] == [100_000]


def test_other_messages_of_the_family_are_not_taken_for_a_statement():
    assert camt053_in(root_of(b"<Document><BkToCstmrDbtCdtNtfctn/></Document>")) is None
    assert camt053_in(root_of(b"<Document/>")) is None
