"""What is told: with the change it tells of, once, and to nobody else."""

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.database import db
from kernel.models import Heartbeat, Job
from kernel.notices.config import MailServer, ZaloOa
from kernel.notices.models import Channel, Notice, NoticeState, ToldAt
from kernel.notices.outbox import tell, withdraw
from tests.kernel.notices.conftest import news
from tests.listening import listening
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("notices", "why_not")


def told(session, *columns):
    columns = columns or ("subject", "event", "channel", "address")
    return [
        tuple(getattr(row, name) for name in columns) for row in session.scalars(select(Notice).order_by(Notice.id))
    ]


def say(session, *several, **how):
    return tell(session, list(several), at=clock.now(), **how)


def test_with_no_gateway_a_person_tells_it(session):
    say(session, news())
    session.commit()

    assert told(session) == [("A", "paid", "hand", "0912345678")]
    assert session.scalars(select(Job)).all() == []


def test_a_notice_of_a_transaction_that_fails_was_never_written(session, notices, sms):
    notices(sms=sms)
    say(session, news())
    session.rollback()
    session.add(Heartbeat(name="something else", at=clock.now()))
    session.commit()

    assert (told(session), session.scalars(select(Job)).all()) == ([], [])


def test_the_same_again_is_not_told_again(session):
    counts = [say(session, news()) for _time in range(3)]

    assert counts == [1, 0, 0]
    assert len(told(session)) == 1


def test_it_is_told_again_once_there_was_other_news_of_the_topic(session):
    for event in ("paid", "deadline_near", "paid", "paid"):
        say(session, news(event=event))

    assert told(session, "event", "turn") == [("paid", 0), ("deadline_near", 0), ("paid", 1)]


def test_what_was_skipped_was_not_told(session):
    say(session, news())
    withdraw(session, ["A"], topics=["money"], because="taken-back", at=clock.now())

    assert say(session, news()) == 1
    assert told(session, "state", "turn", "fault") == [("skipped", 0, "taken-back"), ("waiting", 1, "")]


def test_other_topics_and_subjects_are_apart(session):
    say(session, news("A"), news("B", phone="0987654321"), news("A", topic="parcel:1"))

    assert told(session, "subject", "topic", "address") == [
        ("A", "money", "0912345678"),
        ("B", "money", "0987654321"),
        ("A", "parcel:1", "0912345678"),
    ]


def test_news_overtakes_what_waits_of_its_topic_and_of_those_it_names(session):
    say(session, news(event="placed"), news("B", event="placed"), news(event="refunded", topic="refund:1"))
    say(session, news(event="on_its_way", topic="way", overtakes=("money",)))

    assert told(session, "subject", "event", "state") == [
        ("A", "placed", "skipped"),
        ("B", "placed", "waiting"),
        ("A", "refunded", "waiting"),
        ("A", "on_its_way", "waiting"),
    ]


def test_what_somebody_is_sending_just_now_is_not_called_back(session, notices, sms):
    notices(sms=sms)
    say(session, news())
    row = session.scalars(select(Notice)).one()
    row.lease_until = clock.now().replace(year=clock.now().year + 1)
    session.flush()

    withdraw(session, ["A"], topics=["money"], because="taken-back", at=clock.now())

    assert told(session, "state") == [("waiting",)]


def test_the_first_way_to_a_phone_that_is_on_is_taken(session, notices, sms):
    zalo = ZaloOa(app_id="1", secret="s", refresh_token="r")
    notices(sms=sms)
    say(session, news("A"))
    notices(sms=sms, zalo=zalo)
    say(session, news("B"))
    notices(sms=sms, zalo=zalo, chain=("sms", "zalo"))
    say(session, news("C"))

    assert told(session, "subject", "channel") == [("A", "sms"), ("B", "zalo"), ("C", "sms")]


def test_addresses_that_were_asked_for_are_told_too_while_their_way_is_on(session, notices):
    for subject, channel, address in (("A", "email", "a@b.vn"), ("A", "push", "https://x/1"), ("B", "email", "b@b.vn")):
        session.add(ToldAt(subject=subject, channel=Channel(channel), address=address, keys={}, asked_at=clock.now()))
    notices(mail=MailServer(host="h", port=25, sender="a@b.vn"))

    say(session, news("A"))

    assert told(session, "subject", "channel", "address") == [("A", "hand", "0912345678"), ("A", "email", "a@b.vn")]


def test_many_who_tell_the_same_at_once_tell_it_once(app, session, notices):
    def act(_number):
        say(db.session, news())
        db.session.commit()
        return "done"

    assert rush(app, 8, act) == {"done": 8}
    assert len(told(session)) == 1


def test_three_thousand_in_a_handful_of_statements(session):
    many = [news(f"N{number}", phone=f"09{number:08d}") for number in range(3000)]
    session.commit()

    with listening() as counted:
        say(session, *many)

    assert len(told(session)) == 3000
    assert len(counted) <= 6


def test_a_state_is_plain_to_read_in_sql(session):
    say(session, news())

    assert session.scalars(select(Notice.state)).one() is NoticeState.WAITING
