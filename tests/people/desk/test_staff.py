"""Who signs in, kept by the heads of the office: start passwords, rights, switching off, and never without a head."""

import re
from datetime import timedelta

import pytest

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.queries import changes_of
from people.desk import staff as keep
from people.models import Role, Staff
from people.queries import lock_managers, staff_named
from tests import make
from tests.pages import Page
from tests.rush import rush

NEW = {"username": "lan.kinhte", "name": "Nguyễn Thị Lan, tổ giá", "works_for": "office"}
OWN = "bốn từ không hợp nhau"


@pytest.fixture
def head(client):
    return make.signed_in(client, make.staff(manages=True))


def add(client, **changed):
    return make.submit(client, "/desk/admin/staff/new", **{**NEW, **changed})


def start_password(answer):
    return re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", Page(answer).text())[0]


def sign_in_as(app, username, password):
    """Another browser, its sign-in answered."""
    other = app.test_client()
    other.set_cookie("language", "en")
    return other, make.submit(other, "/sign-in", username=username, password=password)


def press(client, who, step, **fields):
    db.session.refresh(who)
    page = f"/desk/admin/staff/{who.id}"
    return make.submit(client, f"{page}/{step}", page=page, **{"version": who.version, **fields})


def test_a_new_account_gets_a_start_password_that_is_shown_once(client, head, session):
    answer = add(client)

    made = staff_named(session, "lan.kinhte")
    assert made is not None
    assert answer.status_code == 201
    assert (made.name, made.role, made.manages, made.must_change) == (NEW["name"], Role.OFFICE, False, True)
    assert start_password(answer) not in client.get(f"/desk/admin/staff/{made.id}").text
    assert [(c.field, c.became, c.by) for c in changes_of(session, keep.KIND, made.id)] == [
        ("new", "lan.kinhte", head.username)
    ]


def test_with_a_start_password_nothing_opens_until_it_is_changed(client, head, app):
    password = start_password(add(client))
    other, answer = sign_in_as(app, "lan.kinhte", password)
    assert answer.status_code == 302

    led = other.get("/desk/orders")
    refused = make.submit(other, "/account/password", old=password, new=password, again=password)
    changed = make.submit(other, "/account/password", old=password, new=OWN, again=OWN)

    assert (led.status_code, led.location) == (302, "/account/password")
    assert refused.status_code == 422
    assert changed.status_code == 303
    assert other.get("/desk/orders").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "Lan", "3 to 30 small letters"),
        ("username", "lán.kinhte", "3 to 30 small letters"),
        ("username", "lаn.kinhte", "3 to 30 small letters"),  # its second letter is Cyrillic
        ("username", "l" * 31, "At most 30"),
        ("username", "", "Enter a sign-in name"),
        ("name", "", "Enter the name"),
        ("name", "x" * 81, "At most 80"),
        ("name", "Nguyễn\u200bLan", "hidden or foreign"),
        ("works_for", "999999", "Choose one of the list"),
    ],
)
def test_bad_input_is_told_at_its_field_and_makes_nobody(client, head, session, field, value, words):
    page = Page(add(client, **{field: value}))

    assert page.status == 422
    assert words in page.fault(field)
    assert staff_named(session, NEW["username"]) is None


def test_a_name_is_given_once(client, head, session):
    make.staff(username="lan.kinhte", active=False)

    page = Page(add(client))

    assert (page.status, page.fault("username")) == (422, "Error: Somebody has this sign-in name already.")


def test_only_the_offices_own_are_heads(client, head, session):
    firm = make.supplier()

    page = Page(add(client, works_for=firm.id, manages="y"))

    assert page.status == 422
    assert staff_named(session, NEW["username"]) is None


@pytest.mark.parametrize("step", ["", "/new", "/{id}", "/{id}/reset-password", "/{id}/active", "/{id}/sign-out"])
def test_a_clerk_who_is_no_head_keeps_out(client, session, step):
    who = make.signed_in(client)
    other = make.staff()
    path = "/desk/admin/staff" + step.format(id=other.id)

    got = client.get(path).status_code
    posted = client.post(path, data={"csrf_token": make.csrf_token(client, "/track"), "version": "1"}).status_code

    assert {got, posted} <= {403, 405}
    assert not db.session.get_one(Staff, who.id).manages


def test_switching_off_ends_every_session_at_once(client, head, app, session):
    who, noise = make.staff(), make.staff()
    session.commit()
    theirs, _ = sign_in_as(app, who.username, make.PASSWORD)
    anothers, _ = sign_in_as(app, noise.username, make.PASSWORD)
    assert theirs.get("/desk/orders").status_code == 200

    assert press(client, who, "active", active="no").status_code == 303

    assert theirs.get("/desk/orders").status_code == 302
    assert anothers.get("/desk/orders").status_code == 200
    assert sign_in_as(app, who.username, make.PASSWORD)[1].status_code == 403
    assert press(client, who, "active", active="yes").status_code == 303
    assert theirs.get("/desk/orders").status_code == 302  # the old session does not come back
    assert sign_in_as(app, who.username, make.PASSWORD)[1].status_code == 302


def test_sign_out_everywhere_leaves_the_password(client, head, app, session):
    who = make.staff()
    session.commit()
    theirs, _ = sign_in_as(app, who.username, make.PASSWORD)

    press(client, who, "sign-out")

    assert theirs.get("/desk/orders").status_code == 302
    assert sign_in_as(app, who.username, make.PASSWORD)[1].status_code == 302


def test_a_reset_gives_a_new_start_password_and_ends_the_old_one(client, head, app, session):
    who = make.staff()
    session.commit()
    theirs, _ = sign_in_as(app, who.username, make.PASSWORD)

    password = start_password(press(client, who, "reset-password"))

    assert theirs.get("/desk/orders").status_code == 302
    assert sign_in_as(app, who.username, make.PASSWORD)[1].status_code == 403
    assert sign_in_as(app, who.username, password)[1].status_code == 302


def test_nobody_resets_their_own_password_without_the_old_one(client, head, session):
    answer = press(client, head, "reset-password")

    assert answer.status_code == 409
    assert "Change your own password" in Page(answer).text()


def test_the_last_head_stays(client, head, session):
    make.staff(manages=True, active=False)
    make.staff()
    form = {"name": head.name, "version": head.version}

    page = Page(make.submit(client, f"/desk/admin/staff/{head.id}", **form))
    off = press(client, head, "active", active="no")

    assert (page.status, off.status_code) == (409, 409)
    assert "last head" in page.fault("manages")
    session.refresh(head)
    assert (head.manages, head.active) == (True, True)


def test_two_heads_cannot_switch_each_other_off(app, session):
    heads = [make.staff(manages=True), make.staff(manages=True)]
    ids, names = [who.id for who in heads], [who.username for who in heads]
    session.commit()

    def switch_off_the_other(number: int) -> str:
        who = db.session.get(Staff, ids[1 - number])
        assert who is not None
        try:
            keep.switch(db.session, who, active=False, seen="1", doer=Doer(names[number], clock.now()))
        except keep.LastManager:
            db.session.rollback()
            return "refused"
        db.session.commit()
        return "done"

    found = rush(app, 2, lambda number: in_a_post(app, lambda: switch_off_the_other(number)))

    assert found == {"done": 1, "refused": 1}
    session.rollback()
    assert len(lock_managers(session)) == 1


def in_a_post(app, act):
    with app.test_request_context(method="POST"):
        return act()


def test_of_two_clerks_the_second_is_told_and_sees_both(client, head, session):
    who = make.staff()
    seen = who.version
    keep.change(
        session,
        who,
        name="Nguyễn Văn Một",
        manages=False,
        delivers=True,
        seen=str(seen),
        doer=Doer("kinhte9", clock.now()),
    )

    page = Page(make.submit(client, f"/desk/admin/staff/{who.id}", name="Nguyễn Văn Hai", version=seen))
    again = make.submit(client, f"/desk/admin/staff/{who.id}", name="Nguyễn Văn Hai", version=page.value("version"))

    assert page.status == 409
    assert "Nguyễn Văn Một" in page.text()
    assert page.value("name") == "Nguyễn Văn Hai"
    assert again.status_code == 303
    session.refresh(who)
    assert who.name == "Nguyễn Văn Hai"


def test_a_version_that_is_none_is_an_old_one(session):
    who = make.staff()

    for seen in (None, "", "-1", "x", "9" * 30, "0"):
        with pytest.raises(Overtaken):
            keep.change(session, who, name="A B", manages=False, delivers=True, seen=seen, doer=Doer("k", clock.now()))


def test_who_was_just_made_by_the_proposer_is_no_second_person(session):
    fresh = make.staff(manages=True)
    fresh.given_by, fresh.given_at = "kinhte1", clock.now()

    with pytest.raises(keep.TooFresh):
        keep.must_stand_apart(fresh, "kinhte1", clock.now() + timedelta(hours=23))

    keep.must_stand_apart(fresh, "kinhte2", clock.now())
    keep.must_stand_apart(fresh, "kinhte1", clock.now() + timedelta(hours=25))


def test_the_list_is_searched_and_shows_who_is_signed_in(client, head, session):
    make.staff(username="thanh")
    session.commit()

    page = Page(client.get("/desk/admin/staff"))
    found = Page(client.get("/desk/admin/staff?q=nhan+vien+thanh"))

    assert head.username in page.text()
    assert "thanh" in found.text()
    assert head.username not in found.text().replace("Search", "")
    assert "Nobody is called like that" in Page(client.get("/desk/admin/staff?q=khong+co+ai")).text()
