"""The close at the desk: the list, a day with its seal, what a head alone may do, papers, and the banner."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.hooks import HookKeys
from kernel.jobs import sweep
from orders.payments.close.queries import seal_of
from orders.payments.feeds.heard import heard
from orders.payments.feeds.hooks.models import HookCall
from orders.payments.feeds.tellings.told import Feed
from people.models import Role
from tests import make
from tests.orders.payments.close.days import MONDAY, OPENING, TUESDAY, late_row, sealed, told
from tests.pages import Page


@pytest.fixture
def clerk(client, account):
    return make.signed_in(client)


def address(account, day=MONDAY):
    return f"/desk/close/{account.id}/{day}"


def press(client, path, *, page="", **fields):
    """Send the page's form as it stands, with what is typed into it."""
    shown: dict[str, Any] = Page(client.get(page or path)).filled()
    return make.submit(client, path, **{**shown, **fields})


def test_a_day_is_sealed_as_it_was_shown(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)

    answer = press(client, address(account), sure="y")

    made = seal_of(session, account.id, MONDAY)
    assert answer.status_code == 303
    assert made is not None
    assert (made.by, made.snapshot["seal"]["name"], made.closing) == (clerk.username, clerk.name, OPENING + 100_000)
    page = Page(client.get(address(account)))
    assert made.sha256 in page.text()
    assert "Sealed" in page.text()


def test_who_has_not_compared_seals_nothing(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)

    answer = press(client, address(account))

    assert answer.status_code == 422
    assert Page(answer).fault("sure") == "Error: Compare the sums, then tick the box."
    assert seal_of(session, account.id, MONDAY) is None


def test_what_came_in_between_is_shown_and_not_sealed(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    shown: dict[str, Any] = Page(client.get(address(account))).filled()
    late_row(session, account, on=MONDAY)

    answer = make.submit(client, address(account), **{**shown, "sure": "y"})

    assert answer.status_code == 409
    assert "Nothing was sealed" in Page(answer).text()
    assert Page(answer).filled()["seen"] != shown["seen"]
    assert seal_of(session, account.id, MONDAY) is None


def test_an_opening_balance_is_asked_for_where_none_is_stated(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY)
    faulty = press(client, address(account), sure="y", opening="a lot", opening_because="")
    assert set(Page(faulty).faults()) == {"opening", "opening_because"}

    press(client, address(account), sure="y", opening="5.000.000", opening_because="sao kê giấy")

    made = seal_of(session, account.id, MONDAY)
    assert made is not None
    assert (made.opening, made.snapshot["balances"]["opening_because"]) == (OPENING, "sao kê giấy")


@pytest.mark.parametrize(("manages", "status"), [(False, 422), (True, 303)])
def test_a_difference_is_a_heads_to_accept(client, session, account, manages, status):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    sealed(session, account, MONDAY)
    told(session, account, 100_000, on=TUESDAY, opening=OPENING)
    make.signed_in(client, make.staff(manages=manages))

    answer = press(client, address(account, TUESDAY), sure="y", because="phí tháng Tám")

    assert answer.status_code == status
    assert (seal_of(session, account.id, TUESDAY) is not None) is manages


def test_a_reopened_day_is_red_on_its_page_and_in_the_list(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, account, 100_000, on=TUESDAY)
    sealed(session, account, MONDAY)
    sealed(session, account, TUESDAY)
    late = late_row(session, account, on=MONDAY)

    listed, monday, tuesday = (
        Page(client.get(path)) for path in ("/desk/close", address(account), address(account, TUESDAY))
    )

    assert "Open again: late rows" in listed.text()
    assert "VCB 1013456789, 06/09/2021: 1 late rows" in listed.text()
    assert "Depends on a reopened day" in listed.text()
    assert "This day is open again" in monday.text()
    assert f"Transfer {late.id}" in monday.text()
    assert "statement.csv" in monday.text()
    assert "This seal rests on a day that came open again" in tuesday.text()


def test_a_reopened_day_is_sealed_anew_from_its_page(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY)
    press(client, address(account), sure="y", opening="5.000.000", opening_because="sao kê giấy")
    late_row(session, account, on=MONDAY)

    press(client, address(account), page=f"{address(account)}?now=1", sure="y")

    session.expire_all()
    made = seal_of(session, account.id, MONDAY)
    assert made is not None
    assert (made.version, made.closing) == (2, OPENING + 170_000)
    older = Page(client.get(f"{address(account)}?version=1"))
    assert "replaced since" in older.text()


def test_all_days_up_to_one_are_closed_at_once_until_one_needs_a_person(client, session, account, clerk):
    for number, day in enumerate((MONDAY, TUESDAY, TUESDAY + timedelta(days=1))):
        told(session, account, 100_000, on=day, opening=OPENING + 100_000 * number + (5 if number == 2 else 0))

    page = Page(
        make.submit(client, f"/desk/close/{account.id}/up-to", page="/desk/close", day="2021-09-08", follow=True)
    )

    assert seal_of(session, account.id, TUESDAY) is not None
    assert seal_of(session, account.id, TUESDAY + timedelta(days=1)) is None
    assert "Sealed: 2 days, the last is 07/09/2021." in page.text()
    assert "The bank states" in page.text()


def test_a_day_that_is_not_covered_says_so_and_has_no_form(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)

    page = Page(client.get(address(account, TUESDAY)))

    assert "The statements do not reach to the end of 07/09/2021 yet." in page.text()
    assert page.fields() == []


def test_papers_are_there_once_the_worker_has_made_them(client, session, account, clerk):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    press(client, address(account), sure="y")
    assert client.get(f"{address(account)}/1.pdf").status_code == 303
    assert "The minute is being typeset" in Page(client.get(address(account))).text()

    sweep()
    pdf, xlsx = (client.get(f"{address(account)}/1.{kind}") for kind in ("pdf", "xlsx"))

    assert pdf.data[:5] == b"%PDF-"
    assert xlsx.data[:2] == b"PK"
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="VCB-1013456789-2021-09-06-v1.pdf"'
    assert "Minute to print" in Page(client.get(address(account))).text()


@pytest.mark.parametrize("path", ["31-02", "2021-09-06?version=7", "2021-09-06/7.pdf"])
def test_what_is_not_there_is_not_found(client, session, account, clerk, path):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    sealed(session, account, MONDAY)

    assert client.get(f"/desk/close/{account.id}/{path}").status_code == 404


def test_a_supplier_sees_nothing_of_it(client, account):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    assert client.get("/desk/close").status_code == 403


@pytest.mark.parametrize("path", ["/desk", "/desk/close", "/desk/statements"])
def test_the_banner_tells_when_the_last_statement_came_in_and_warns_once_it_is_late(
    client, session, account, friday, path
):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    make.bank_account("AGR", number="5903205000001")
    make.signed_in(client)

    fresh = Page(client.get(path)).text()
    friday.forward(hours=24)
    make.signed_in(client)
    on_time = Page(client.get(path)).text()
    friday.forward(seconds=1)
    late = Page(client.get(path)).text()

    words = "Last statement of VCB 1013456789: booked 10/09/2021 09:00, covered until 07/09/2021 00:00"
    assert f"{words} overdue" not in fresh + on_time
    assert words in fresh
    assert f"{words} overdue" in late
    assert "Last statement of AGR 5903205000001: no statement yet overdue" in fresh
    assert clock.now() > account.covered_until


def test_above_the_list_each_bank_is_named_once_with_how_many_accounts_are_late(client, session, account):
    for number in ("5903205000001", "5903205000002"):
        make.bank_account("AGR", number=number)
    make.signed_in(client)

    assert "Statements overdue: AGR (2), VCB." in Page(client.get("/desk")).text()


def test_nobody_waits_for_the_statements_of_an_account_that_is_switched_off(client, session, account):
    account.active = False
    make.signed_in(client)

    assert "Last statement of" not in Page(client.get("/desk")).text()


@pytest.fixture
def sepay(app, monkeypatch):
    """The city has a key of SePay's, and of no other provider."""
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, hooks=HookKeys(sepay_key="K")))


def called(session, provider, at):
    session.add(HookCall(provider=provider, digest=f"{provider}{at}", body=b"{}", sent_at="", received_at=at))
    session.commit()


def silent(session):
    return [name for name, _at in heard(session).silent]


def test_a_provider_that_was_heard_and_is_not_for_two_hours_by_day_is_silent(session, account, friday, sepay):
    called(session, Feed.SEPAY, clock.now())
    called(session, Feed.CASSO, clock.now() - timedelta(days=3))

    friday.forward(hours=2)
    assert silent(session) == []
    friday.forward(seconds=1)
    assert silent(session) == ["SePay"]
    called(session, Feed.SEPAY, clock.now())
    assert silent(session) == []


def test_the_night_does_not_count_as_silence(session, account, friday, sepay):
    called(session, Feed.SEPAY, clock.at(TUESDAY, 20, 59))

    for hour, minute, names in ((6, 59, []), (9, 0, []), (9, 1, ["SePay"]), (20, 59, ["SePay"]), (21, 0, [])):
        friday.set(clock.at(TUESDAY + timedelta(days=1), hour, minute))
        assert silent(session) == names, hour


def test_a_provider_that_was_never_heard_is_not_silent(session, account, friday, sepay):
    assert silent(session) == []


def test_the_banner_names_who_is_silent(client, session, account, friday, sepay):
    called(session, Feed.SEPAY, clock.now() - timedelta(hours=3))
    make.signed_in(client)
    friday.forward(hours=1)

    text = Page(client.get("/desk")).text()

    assert "Webhooks silent: SePay." in text
    assert "Webhooks of SePay: last heard of 10/09/2021 06:00 silent" in text
