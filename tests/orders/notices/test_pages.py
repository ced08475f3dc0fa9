"""The log of notices at the desk, what a person tells, and a resident's wish to be told by e-mail or push."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.notices.config import MailServer, Notices, WebPush
from kernel.notices.models import Notice, NoticeState, ToldAt
from orders.models import OrderState
from orders.notices import telling
from people.models import Role
from tests import make
from tests.kernel.notices.test_adapters import Browser
from tests.pages import Page

BOTH = Notices(mail=MailServer(host="127.0.0.1", port=25, sender="a@b.vn"), push=WebPush(contact="mailto:a@b.vn"))


def told(session, *, state=NoticeState.WAITING, **about):
    """An order whose placing was told, or is to be."""
    order = make.order(**about)
    telling.placed(session, order, at=clock.now())
    row = session.scalars(select(Notice).where(Notice.subject == order.code)).one()
    row.state = state
    session.flush()
    return order, row


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.fixture
def offers(app):
    app.extensions["settings"] = replace(app.extensions["settings"], notices=BOTH)


def codes(page):
    table = page.all("tbody")[0]
    return [cell.text for cell in table.iter("a") if cell.get("class") == "code"]


def test_the_log_is_newest_first_and_forty_a_page(session, clerk):
    orders = [told(session)[0] for _number in range(42)]

    first = Page(clerk.get("/desk/notices"))
    (older,) = [to for to in first.addresses() if "before=" in to]
    second = Page(clerk.get(f"/desk/notices{older}"))

    newest = [order.code for order in reversed(orders)]
    assert (codes(first), codes(second)) == (newest[:40], newest[40:])


@pytest.mark.parametrize("asked", ["state=failed", "event=placed&state=failed", "channel=hand&state=failed"])
def test_filters_find_what_they_name_beside_the_rest(session, clerk, asked):
    told(session)
    lost, _row = told(session, state=NoticeState.FAILED)
    told(session, state=NoticeState.SENT)

    assert codes(Page(clerk.get(f"/desk/notices?{asked}"))) == [lost.code]


def test_by_an_orders_code_however_it_is_typed(session, clerk):
    told(session)
    order, _row = told(session)

    assert codes(Page(clerk.get(f"/desk/notices?code= {order.code.lower()} "))) == [order.code]


@pytest.mark.parametrize("asked", ["state=x", "channel=x&event=y", "before=-1", "before=x", "code=%27%22<b>"])
def test_a_filter_that_means_nothing_breaks_nothing(session, clerk, asked):
    told(session)

    assert clerk.get(f"/desk/notices?{asked}").status_code == 200


def test_the_counts_say_what_waits_and_what_was_lost(session, clerk):
    for state in (NoticeState.WAITING, NoticeState.WAITING, NoticeState.FAILED, NoticeState.SENT):
        told(session, state=state)

    words = Page(clerk.get("/desk/notices")).text()

    assert "Waiting to be sent: 0." in words
    assert "To be told by a person: 2." in words
    assert "Failed: 1. Given up: 0." in words


def test_a_person_copies_the_text_and_says_so(session, clerk):
    order, row = told(session)
    page = Page(clerk.get("/desk/notices/by-hand"))
    text = page.text(f"text-{row.id}")
    make.submit(clerk, f"/desk/notices/{row.id}/done", page="/desk/notices/by-hand", did="told")
    session.refresh(row)

    assert order.code in text
    assert (row.state, " ".join(row.text.split())) == (NoticeState.COPIED, text)
    assert row.ended_by
    assert "Nobody waits" in Page(clerk.get("/desk/notices/by-hand")).text()


def test_two_who_finish_the_same_are_told(session, clerk):
    _order, row = told(session)
    path = f"/desk/notices/{row.id}/done"
    make.submit(clerk, path, page="/desk/notices/by-hand", did="left_out")
    second = make.submit(clerk, path, page="/track", did="told")
    session.refresh(row)

    assert (second.status_code, row.state) == (409, NoticeState.SKIPPED)


def test_what_holds_no_more_says_so_to_the_person(session, clerk):
    order, _row = told(session)
    make.submit(clerk, f"/o/{order.token}/cancel", page=f"/o/{order.token}")
    other, _row = told(session)
    other.expires_at = clock.now()
    session.flush()

    words = Page(clerk.get("/desk/notices/by-hand")).text()

    assert order.code not in words  # cancelled: its notice was withdrawn
    assert "need not be told any more: the deadline has passed" in words


def test_one_that_failed_is_sent_again_and_one_that_did_not_is_not(session, clerk):
    _order, lost = told(session, state=NoticeState.FAILED)
    _order, sent = told(session, state=NoticeState.SENT)
    make.submit(clerk, f"/desk/notices/{lost.id}/retry", page="/desk/notices")
    refused = make.submit(clerk, f"/desk/notices/{sent.id}/retry", page="/track")
    session.refresh(lost)

    assert (lost.state, refused.status_code) == (NoticeState.WAITING, 409)


def test_all_that_failed_are_sent_again(session, clerk):
    rows = [told(session, state=state)[1] for state in (NoticeState.FAILED, NoticeState.GIVEN_UP, NoticeState.SENT)]
    make.submit(clerk, "/desk/notices/retry", page="/desk/notices")
    for row in rows:
        session.refresh(row)

    assert [row.state for row in rows] == [NoticeState.WAITING, NoticeState.WAITING, NoticeState.SENT]


def test_the_orders_page_at_the_desk_shows_its_own_alone(session, clerk):
    order, row = told(session, state=NoticeState.SENT)
    other, _row = told(session)
    row.text = "what was said"
    session.flush()

    words = Page(clerk.get(f"/desk/orders/{order.code}")).text()

    assert "what was said" in words
    assert other.code not in words


def test_a_supplier_sees_none_of_it(session, client):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    assert client.get("/desk/notices").status_code == 403


class TestAResident:
    @pytest.fixture
    def order(self, session, offers):
        return make.order()

    def addresses(self, session):
        found = session.scalars(select(ToldAt).order_by(ToldAt.id))
        return [(row.subject, str(row.channel), row.address) for row in found]

    def test_is_asked_only_where_the_city_offers_it(self, session, client):
        order = make.order()

        assert "data-push" not in client.get(f"/o/{order.token}").text
        assert make.submit(client, f"/o/{order.token}/email", page="/track", address="a@b.vn").status_code == 409
        assert self.addresses(session) == []

    def test_gives_an_address_changes_it_and_takes_it_back(self, session, client, order):
        path = f"/o/{order.token}"
        seen = []
        for address in ("a@b.vn", "ten.ban+cho@example.vn", ""):
            make.submit(client, f"{path}/email", page=path, address=address)
            seen.append(self.addresses(session))
            assert Page(client.get(path)).value("address") == address

        assert seen == [[(order.code, "email", "a@b.vn")], [(order.code, "email", "ten.ban+cho@example.vn")], []]

    @pytest.mark.parametrize(
        "address",
        [
            "a",
            "a@b",
            "@b.vn",
            "a b@c.vn",
            "a@b.vn\r\nBcc: c@d.vn",
            "a@b.vn,c@d.vn",
            "a@b..vn",
            "ă@b.vn",
            "a" * 250 + "@b.vn",
        ],
    )
    def test_an_address_that_is_none_is_refused_in_words(self, session, client, order, address):
        answer = make.submit(client, f"/o/{order.token}/email", page=f"/o/{order.token}", address=address)

        assert answer.status_code == 422
        assert Page(answer).fault("address")
        assert "Enter an e-mail address" in answer.text
        assert self.addresses(session) == []

    def push(self, client, order, sent, path="push"):
        headers = {"X-CSRFToken": make.csrf_token(client, f"/o/{order.token}")}
        body = sent if isinstance(sent, str) else json.dumps(sent)
        return client.post(f"/o/{order.token}/{path}", data=body, headers=headers, content_type="application/json")

    def test_subscribes_a_browser_twice_is_once_and_stops_it(self, session, client, order):
        subscription = Browser("https://fcm.googleapis.com/x").subscription

        assert [self.push(client, order, subscription).status_code for _time in range(2)] == [204, 204]
        assert self.addresses(session) == [(order.code, "push", "https://fcm.googleapis.com/x")]
        self.push(client, order, {"endpoint": subscription["endpoint"]}, "push/stop")
        assert self.addresses(session) == []

    def test_of_more_than_five_browsers_the_oldest_is_forgotten(self, session, client, order):
        for number in range(6):
            self.push(client, order, Browser(f"https://fcm.googleapis.com/{number}").subscription)

        assert [address[-1] for _s, _c, address in self.addresses(session)] == ["1", "2", "3", "4", "5"]

    @pytest.mark.parametrize(
        "sent", ["", "{", "[]", "null", '{"endpoint": "https://10.0.0.1/x"}', '"' + "x" * 5000 + '"']
    )
    def test_what_is_no_subscription_is_refused_in_words(self, session, client, order, sent):
        answer = self.push(client, order, sent)

        assert (answer.status_code, self.addresses(session)) == (422, [])

    def test_nobody_subscribes_without_the_pages_token(self, session, client, order):
        sent = json.dumps(Browser("https://fcm.googleapis.com/x").subscription)
        answer = client.post(f"/o/{order.token}/push", data=sent, content_type="application/json")

        assert (answer.status_code, self.addresses(session)) == (400, [])

    def test_wishes_are_counted(self, client, order):
        found = [
            make.submit(client, f"/o/{order.token}/email", page=f"/o/{order.token}", address="a@b.vn").status_code
            for _time in range(21)
        ]

        assert (found[19], found[20]) == (303, 429)

    def test_the_key_is_always_the_same(self, client, order):
        keys = {client.get(f"/o/{order.token}/push-key").json["key"] for _time in range(2)}

        assert len(keys) == 1
        assert len(keys.pop()) == 87

    def test_an_order_that_has_ended_asks_nothing(self, session, client, offers):
        order = make.order(state=OrderState.CANCELLED)

        assert "data-push" not in client.get(f"/o/{order.token}").text


class TestTheShell:
    def test_lists_without_addresses_or_texts(self, session, cli_runner):
        order, row = told(session, state=NoticeState.FAILED)
        told(session)

        said = cli_runner.invoke(args=["notices", "list", "--state", "failed"]).output

        assert said.count("\n") == 1
        assert order.code in said
        assert row.address not in said

    def test_tries_again(self, session, cli_runner):
        _order, row = told(session, state=NoticeState.GIVEN_UP)

        assert "1 notices are sent again" in cli_runner.invoke(args=["notices", "retry"]).output
        session.refresh(row)
        assert row.state is NoticeState.WAITING

    def test_a_channel_that_is_off_says_so(self, session, cli_runner):
        result = cli_runner.invoke(args=["notices", "test", "sms", "0912345678"])

        assert (result.exit_code, "switched-off" in result.output) == (1, True)

    def test_tests_a_channel(self, app, session, cli_runner):
        from tests.gateways import post_office

        with post_office() as (postman, port):
            mail = MailServer(host="127.0.0.1", port=port, sender="a@b.vn", security="none")
            app.extensions["settings"] = replace(app.extensions["settings"], notices=Notices(mail=mail))
            result = cli_runner.invoke(args=["notices", "test", "email", "x@y.vn"])

        assert result.exit_code == 0, result.output
        assert [letter.rcpt_tos for letter in postman.letters] == [["x@y.vn"]]
