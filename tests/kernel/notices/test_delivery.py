"""What becomes of a notice: sent, tried again, passed on, skipped; in the morning, once, whatever dies on the way."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text

from kernel import clock
from kernel.database import db
from kernel.jobs import sweep
from kernel.notices import delivery, secrets
from kernel.notices.config import MailServer, WebPush, ZaloOa
from kernel.notices.delivery import MOST_ATTEMPTS, claim, deliver
from kernel.notices.letters import Fault
from kernel.notices.models import Channel, KeptSecret, Notice, NoticeState, ToldAt
from kernel.notices.outbox import tell, try_again
from kernel.notices.quiet import after_quiet, before_quiet, is_quiet
from tests.gateways import Reply, closed_port, post_office
from tests.kernel.notices.conftest import news
from tests.kernel.notices.test_adapters import Browser
from tests.rush import PATIENCE, rush

pytestmark = pytest.mark.usefixtures("notices", "why_not")

GOOD = Reply(body={"code": 0, "id": "m1"})
QUIET = {"quiet_from": time(21), "quiet_until": time(7)}


@pytest.fixture
def on(there, notices, sms, stopped_clock):
    """SMS is on, and its gateway takes everything."""
    there.usual = GOOD
    notices(sms=sms)
    return there


def say(session, *several):
    tell(session, list(several) or [news()], at=clock.now())
    session.commit()


def run(session):
    """A worker's minute."""
    session.commit()
    sweep()
    session.expire_all()


def rows(session, *columns):
    found = session.scalars(select(Notice).order_by(Notice.id).execution_options(populate_existing=True))
    told = [tuple(getattr(row, name) for name in columns or ("channel", "state", "fault")) for row in found]
    session.commit()
    return told


def texts(there):
    return [heard.json["text"] for heard in there.heard]


def test_it_is_sent_and_the_log_says_what_and_when(session, on):
    say(session)
    run(session)
    run(session)

    assert texts(on) == ["A da paid"]
    assert rows(session, "state", "text", "provider_id", "attempts", "ended_at") == [
        ("sent", "A da paid", "m1", 1, clock.now())
    ]


def test_each_goes_to_its_own_phone(session, on):
    say(session, *[news(f"N{number}", phone=f"09{number:08d}") for number in range(20)])
    run(session)

    assert sorted((heard.json["to"], heard.json["text"]) for heard in on.heard) == [
        (f"849{number:08d}", f"N{number} da paid") for number in range(20)
    ]


def test_a_gateway_that_is_ill_is_tried_again_later_each_time_with_the_same_key(session, on, stopped_clock):
    on.replies = [Reply(500), Reply(503)]
    say(session)
    run(session)
    stopped_clock.forward(seconds=29)
    run(session)
    assert len(on.heard) == 1
    stopped_clock.forward(seconds=31)
    run(session)
    stopped_clock.forward(seconds=119)
    run(session)
    assert len(on.heard) == 2
    stopped_clock.forward(seconds=1)
    run(session)

    assert rows(session, "state", "attempts", "fault") == [("sent", 3, "")]
    assert len({heard.headers["Idempotency-Key"] for heard in on.heard}) == 1


def test_a_gateway_that_asks_to_wait_is_left_alone_so_long(session, on, stopped_clock):
    on.replies = [Reply(429, headers={"Retry-After": "600"})]
    say(session)
    run(session)
    stopped_clock.forward(seconds=599)
    run(session)
    assert len(on.heard) == 1
    stopped_clock.forward(seconds=1)
    run(session)

    assert rows(session, "state") == [("sent",)]


def test_a_gateway_that_is_ill_is_not_asked_for_each_of_a_thousand(session, on):
    on.usual = Reply(503)
    say(session, *[news(f"N{number}", phone=f"09{number:08d}") for number in range(30)])
    run(session)

    assert len(on.heard) <= 2  # once a job


def test_what_is_refused_for_good_goes_the_next_way(session, on, notices, sms):
    account = ZaloOa(
        app_id="1",
        secret="s",
        refresh_token="r1",
        templates={"paid": "7"},
        zns_url=on.url,
        auth_url=on.url,
    )
    notices(sms=sms, zalo=account)
    tokens = Reply(body={"access_token": "a", "refresh_token": "r2", "expires_in": 3600})
    on.replies = [tokens, Reply(body={"error": -118}), Reply(400)]
    say(session)
    run(session)
    run(session)

    assert rows(session) == [
        ("zalo", "failed", "zalo-118"),
        ("sms", "failed", "http-400"),
        ("hand", "waiting", ""),
    ]


def test_it_is_given_up_in_the_end_and_a_person_tells_it(session, on, stopped_clock):
    on.usual = Reply(500)
    say(session)
    for _try in range(MOST_ATTEMPTS + 3):
        run(session)
        stopped_clock.forward(hours=7)

    assert len(on.heard) == MOST_ATTEMPTS
    assert rows(session, "channel", "state")[0] == ("sms", "given_up")
    assert [row[0] for row in rows(session)] == ["sms", "hand"]


def test_nobody_there_is_a_fault_that_passes(session, on, notices, sms, stopped_clock):
    notices(sms=type(sms)(url=f"http://127.0.0.1:{closed_port()}"))
    say(session)
    run(session)

    assert rows(session) == [("sms", "waiting", "unreachable")]


def test_what_was_overtaken_is_skipped_with_the_reason(session, on, why_not):
    say(session, news("A"), news("B"))
    why_not["A"] = "order-cancelled"
    run(session)

    assert rows(session, "subject", "state", "fault") == [("A", "skipped", "order-cancelled"), ("B", "sent", "")]
    assert texts(on) == ["B da paid"]


def test_a_notice_that_breaks_does_not_keep_the_others(session, on, app, monkeypatch):
    say(session, news("A"), news("B"))
    trade = app.extensions["notices"]

    def words(notice):
        if notice.subject == "A":
            raise KeyError("0912345678")
        return trade.words(notice)

    monkeypatch.setattr(delivery, "trade", lambda: type(trade)(words, trade.fields, trade.overtaken))
    run(session)

    assert rows(session, "subject", "state", "fault") == [("A", "waiting", "KeyError"), ("B", "sent", "")]


def test_jobs_that_run_at_once_send_each_once(app, session, on):
    say(session, *[news(f"N{number}", phone=f"09{number:08d}") for number in range(12)])

    def act(_number):
        for _step in deliver(db.session, {}):
            db.session.commit()
        return "done"

    assert rush(app, 4, act) == {"done": 4}
    assert sorted(texts(on)) == sorted(f"N{number} da paid" for number in range(12))


def test_without_the_claim_they_would_be_sent_twice(app, session, on, monkeypatch):
    """The control: the same rush, with a claim that does not write itself down."""
    say(session, *[news(f"N{number}", phone=f"09{number:08d}") for number in range(3)])
    all_have_looked = Barrier(3)

    def look_only(session, _resting):
        found = session.scalars(select(Notice).where(Notice.state == NoticeState.WAITING).order_by(Notice.id)).first()
        session.commit()  # SQLite lets one in at a time
        all_have_looked.wait(PATIENCE)
        return found

    monkeypatch.setattr(delivery, "claim", look_only)

    def act(_number):
        steps = deliver(db.session, {})
        for _step in range(3):  # as far as the sending, whatever is written after it
            next(steps)
            db.session.commit()
        return "done"

    rush(app, 3, act)

    assert len(on.heard) > len(set(texts(on)))


def test_a_worker_that_dies_after_sending_sends_one_notice_twice_under_one_key(session, on, stopped_clock):
    say(session)
    steps = deliver(session, {})
    for _step in range(3):  # claimed, prepared, sent; and then the power goes
        next(steps)
        session.commit() if _step < 2 else session.rollback()
    run(session)
    assert len(on.heard) == 1  # the lease holds
    stopped_clock.forward(minutes=6)
    run(session)
    run(session)

    assert len(on.heard) == 2
    assert len({heard.headers["Idempotency-Key"] for heard in on.heard}) == 1
    assert rows(session, "state", "attempts") == [("sent", 2)]


def test_a_notice_that_kills_its_worker_each_time_is_not_tried_for_ever(session, on, stopped_clock):
    say(session)
    for _death in range(MOST_ATTEMPTS):
        claim(session, set())
        session.commit()
        stopped_clock.forward(minutes=6)
    run(session)

    assert rows(session)[0] == ("sms", "failed", "worker-died")
    assert on.heard == []


class TestQuietHours:
    NIGHT = clock.at(date(2021, 9, 6), 22)

    @pytest.mark.parametrize(
        ("hour", "minute", "second", "quiet"),
        [
            (20, 59, 59, False),
            (21, 0, 0, True),
            (23, 59, 59, True),
            (0, 0, 0, True),
            (6, 59, 59, True),
            (7, 0, 0, False),
        ],
    )
    def test_their_edges(self, notices, hour, minute, second, quiet):
        moment = clock.at(date(2021, 9, 6), hour, minute) + timedelta(seconds=second)
        rules = notices(**QUIET)

        assert is_quiet(moment, rules) is quiet
        assert (after_quiet(moment, rules) == moment) is not quiet

    def test_where_they_end_and_where_they_begin(self, notices):
        rules = notices(**QUIET)
        late, early = clock.at(date(2021, 9, 6), 23), clock.at(date(2021, 9, 7), 2)

        assert after_quiet(late, rules) == after_quiet(early, rules) == clock.at(date(2021, 9, 7), 7)
        assert before_quiet(late, rules) == before_quiet(early, rules) == clock.at(date(2021, 9, 6), 21)

    def test_hours_by_day_and_none_at_all(self, notices):
        noon = datetime(2021, 9, 6, 5, tzinfo=UTC)

        assert is_quiet(noon, notices(quiet_from=time(11), quiet_until=time(13)))
        assert not is_quiet(noon, notices(quiet_from=time(12), quiet_until=time(12)))

    def test_what_happens_at_night_is_told_in_the_morning(self, session, on, notices, sms, stopped_clock):
        notices(sms=sms, **QUIET)
        stopped_clock.set(self.NIGHT)
        say(session)
        run(session)
        stopped_clock.set(clock.at(date(2021, 9, 7), 6, 59))
        run(session)
        assert (on.heard, rows(session, "attempts")) == ([], [(0,)])
        stopped_clock.set(clock.at(date(2021, 9, 7), 7))
        run(session)

        assert rows(session, "state") == [("sent",)]

    def test_what_waited_for_another_try_does_not_ring_at_night(self, session, on, notices, sms, stopped_clock):
        notices(sms=sms, **QUIET)
        stopped_clock.set(clock.at(date(2021, 9, 6), 20, 59))
        on.replies = [Reply(500)]
        say(session)
        run(session)
        stopped_clock.forward(minutes=2)
        run(session)

        assert (len(on.heard), rows(session, "not_before", "attempts")) == (1, [(clock.at(date(2021, 9, 7), 7), 1)])

    def test_what_is_urgent_passes(self, session, on, notices, sms, stopped_clock):
        notices(sms=sms, urgent=frozenset({"on_its_way"}), **QUIET)
        stopped_clock.set(self.NIGHT)
        say(session, news("A", event="on_its_way"), news("B"))
        run(session)

        assert texts(on) == ["A da on_its_way"]


class TestZaloTokens:
    @pytest.fixture
    def account(self, there, notices, stopped_clock):
        account = ZaloOa(
            app_id="1",
            secret="s",
            refresh_token="r1",
            templates={"paid": "7"},
            zns_url=f"{there.url}",
            auth_url=there.url,
        )
        notices(zalo=account)
        there.usual = Reply(body={"error": 0, "data": {"msg_id": "m"}})
        return account

    @staticmethod
    def tokens(number, lasts=90_000):
        return Reply(body={"access_token": f"a{number}", "refresh_token": f"r{number}", "expires_in": str(lasts)})

    def test_each_refresh_token_is_used_once_and_the_next_one_kept(self, session, there, account, stopped_clock):
        there.replies = [self.tokens(2)]
        say(session, news("A"), news("B"))
        run(session)
        stopped_clock.forward(hours=30)
        there.replies = [self.tokens(3)]
        say(session, news("C"))
        run(session)

        asked = [heard.form["refresh_token"] for heard in there.heard if heard.path.endswith("/access_token")]
        used = [heard.headers["access_token"] for heard in there.heard if heard.path == "/message/template"]
        assert (asked, used) == (["r1", "r2"], ["a2", "a2", "a3"])
        assert session.get_one(KeptSecret, "zalo").content["refresh"] == "r3"

    def test_a_token_that_is_refused_is_renewed(self, session, there, account, stopped_clock):
        there.replies = [self.tokens(2), Reply(body={"error": -124})]
        say(session)
        run(session)
        there.replies = [self.tokens(3)]
        stopped_clock.forward(minutes=1)
        run(session)

        assert rows(session) == [("zalo", "sent", "")]
        assert there.last.headers["access_token"] == "a3"

    def test_two_do_not_renew_at_once(self, app, session, there, account):
        there.replies = [self.tokens(2)]

        def act(_number):
            try:
                for _step in secrets.refresh_zalo(db.session, account, seconds=2):
                    db.session.commit()
            except Fault as fault:
                db.session.rollback()
                return str(fault)
            return "renewed"

        found = rush(app, 3, act)

        assert found["renewed"] >= 1
        asked = [heard.form["refresh_token"] for heard in there.heard]
        assert len(asked) == len(set(asked))

    def test_a_fresh_one_in_the_settings_begins_anew(self, session, there, account, notices, stopped_clock):
        there.replies = [self.tokens(2)]
        say(session)
        run(session)
        there.replies = [self.tokens(8)]
        notices(zalo=type(account)(**{**account.__dict__, "refresh_token": "r7"}))
        say(session, news("B"))
        run(session)

        assert [h.form["refresh_token"] for h in there.heard if h.path.endswith("/access_token")] == ["r1", "r7"]


def test_a_browser_that_is_gone_is_forgotten(session, there, notices):
    notices(push=WebPush(contact="mailto:a@b.vn", hosts=("127.0.0.1",), here=True))
    browser = Browser(f"{there.url}/push")
    session.add(
        ToldAt(
            subject="A",
            channel=Channel.PUSH,
            address=browser.endpoint,
            keys=browser.subscription["keys"],
            asked_at=clock.now(),
        )
    )
    there.replies = [Reply(201)]
    there.usual = Reply(410)
    say(session, news(event="placed"))
    run(session)
    say(session, news())
    run(session)

    assert browser.read(there.heard[0].body)["body"] == "A đã placed"
    assert rows(session, "event", "channel", "state") == [
        ("placed", "hand", "skipped"),
        ("placed", "push", "sent"),
        ("paid", "hand", "waiting"),
        ("paid", "push", "failed"),
    ]
    assert session.scalars(select(ToldAt)).all() == []


def test_an_e_mail_to_one_who_stopped_is_not_written(session, notices):
    with post_office() as (postman, port):
        notices(mail=MailServer(host="127.0.0.1", port=port, sender="a@b.vn", security="none"))
        for subject in ("A", "B"):
            session.add(ToldAt(subject=subject, channel=Channel.EMAIL, address="x@y.vn", keys={}, asked_at=clock.now()))
        say(session, news("A"), news("B"))
        session.delete(session.scalars(select(ToldAt).where(ToldAt.subject == "A")).one())
        run(session)

    assert [letter.rcpt_tos for letter in postman.letters] == [["x@y.vn"]]
    assert ("A", "email", "failed", "unsubscribed") in rows(session, "subject", "channel", "state", "fault")


def test_what_nobody_told_for_two_days_is_dropped(session, stopped_clock):
    say(session)
    stopped_clock.forward(hours=47)
    say(session, news("B"))
    run(session)
    assert rows(session, "state") == [("waiting",), ("waiting",)]
    stopped_clock.forward(hours=2)
    run(session)

    assert rows(session, "subject", "state", "fault") == [("A", "skipped", "too-old"), ("B", "waiting", "")]


def test_a_way_that_was_switched_off_meanwhile_is_passed_on(session, on, notices):
    say(session)
    notices()
    run(session)

    assert rows(session) == [("sms", "failed", "switched-off"), ("hand", "waiting", "")]


def test_one_that_failed_is_tried_again_on_demand(session, on, stopped_clock):
    on.replies = [Reply(400)]
    say(session)
    run(session)
    row = session.scalars(select(Notice).where(Notice.state == NoticeState.FAILED)).one()
    try_again(row, at=clock.now())
    stopped_clock.forward(minutes=1)
    run(session)

    assert rows(session, "channel", "state", "attempts")[0] == ("sms", "sent", 1)


def test_the_log_of_the_program_names_nobody(session, on, capsys):
    on.replies = [Reply(400, body={"error": "0912345678 Trần Thị Bưởi"}), Reply(500)]
    say(session, news("A"), news("B"))
    run(session)

    said = capsys.readouterr().err
    assert "notice not sent" in said
    assert "0912345678" not in said
    assert "Bưởi" not in said


def test_nothing_holds_the_database_while_a_gateway_is_spoken_to(session, on, monkeypatch):
    say(session)
    seen = []

    def look(*_about, **_how):
        seen.append(db.session.in_transaction())
        return type("Answer", (), {"json": lambda self: {"code": 0, "id": "m"}})()

    monkeypatch.setattr("kernel.notices.adapters.sms.post", look)
    run(session)

    assert seen == [False]


def test_the_key_pair_is_made_once(app, session):
    def act(_number):
        key = secrets.push_private_key(db.session)
        db.session.commit()
        return key

    assert len(rush(app, 6, act)) == 1
    assert session.execute(text("SELECT count(*) FROM kept_secrets")).scalar_one() == 1
