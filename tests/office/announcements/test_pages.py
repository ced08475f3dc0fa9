"""The office writes announcements, looks at them first, and takes them back with a reason."""

import pytest
from sqlalchemy import select

from kernel import clock
from shop.models import Announcement
from tests import make
from tests.pages import Page

NEW = "/desk/announcements/new"
WRITTEN = {"ward": "", "title": "Giao chậm", "body": "Do mưa lớn.\r\n\r\nXin thông cảm.", "expires_at": ""}


@pytest.fixture
def clerk(client):
    return make.signed_in(client)


def write(client, **fields):
    return make.submit(client, NEW, **{**WRITTEN, "do": "publish", **fields})


def kept(session):
    session.expire_all()
    return session.scalars(select(Announcement).order_by(Announcement.id)).all()


def test_it_is_published_with_its_author_and_time(session, client, stopped_clock, clerk):
    answer = write(client, ward=str(make.ward().id))

    (made,) = kept(session)
    assert answer.status_code == 303
    assert (made.author, made.username, made.published_at) == (clerk.name, clerk.username, clock.now())
    assert (made.ward_id, made.paragraphs("vi")) == (make.ward().id, ["Do mưa lớn.", "Xin thông cảm."])


def test_a_look_at_it_publishes_nothing(session, client, clerk):
    answer = write(client, do="look")
    assert "So residents will see it" in Page(answer).text()
    assert Page(answer).value("title") == "Giao chậm"
    assert kept(session) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 81),
        ("body", ""),
        ("body", "x" * 601),
        ("title_en", "Late"),
        ("expires_at", "2020-01-01T10:00"),
        ("ward", "999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_published(session, client, clerk, field, value):
    answer = write(client, **{field: value})
    assert answer.status_code == 422
    assert len(Page(answer).faults()) == 1
    assert kept(session) == []


def test_it_is_withdrawn_with_a_reason_once(session, client, stopped_clock, clerk):
    made = make.announcement()
    path = f"/desk/announcements/{made.id}"
    assert make.submit(client, f"{path}/withdraw", page=path, because="").status_code == 422

    answers = [make.submit(client, f"{path}/withdraw", page="/desk/announcements/new", because="sai") for _ in "12"]

    assert [answer.status_code for answer in answers] == [303, 409]
    (row,) = kept(session)
    assert (row.withdrawn_by, row.withdrawn_at, row.withdrawn_because) == (clerk.username, clock.now(), "sai")
    assert "Giao chậm" not in client.get("/announcements").text
    assert "Withdrawn" in Page(client.get("/desk/announcements")).text()
