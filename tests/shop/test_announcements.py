"""What the office tells is seen where it belongs, as long as it stands."""

from datetime import timedelta

import pytest

from kernel import clock
from shop.announcements import told_to
from tests import make
from tests.pages import Page


@pytest.fixture
def told(stopped_clock, session):
    now = clock.now()
    for hours, title, ward in ((4, "Cả thành phố", None), (3, "Dĩ An mình", "Dĩ An"), (2, "An Bình thôi", "An Bình")):
        make.announcement(title, ward=ward, published_at=now - timedelta(hours=hours))
    make.announcement("Hết hạn", published_at=now - timedelta(hours=1), expires_at=now)
    withdrawn = make.announcement("Đã rút", ward="Dĩ An")
    withdrawn.withdrawn_at, withdrawn.withdrawn_by = now, "kinhte1"
    session.flush()


def titles(session, ward):
    return [each.title for each in told_to(session, ward).announcements]


def test_a_ward_hears_its_own_and_the_citys_newest_first(session, told):
    assert titles(session, make.ward()) == ["Dĩ An mình", "Cả thành phố"]
    assert titles(session, make.ward("Đông Hòa")) == ["Cả thành phố"]
    assert titles(session, None) == ["Cả thành phố"]


def test_a_page_shows_three_at_most(session, told):
    for _each in range(5):
        make.announcement("Mới", ward="Dĩ An")
    found = told_to(session, make.ward())
    assert ([each.title for each in found.announcements], found.more) == (["Mới"] * 3, True)


def test_pages_show_them_with_author_and_time(client, told):
    assert "Cả thành phố" in Page(client.get("/")).text()
    order = Page(client.get(f"/o/{make.order().token}")).text()
    assert "Dĩ An · Nhân viên Mận · 06/09/2021 06:00" in order
    assert "An Bình thôi" not in order
    everything = Page(client.get("/announcements")).text()
    assert "An Bình thôi" in everything
    assert "Đã rút" not in everything
    here = Page(client.get(f"/announcements?ward={make.ward().id}")).text()
    assert "Dĩ An mình" in here
    assert "An Bình thôi" not in here


def test_english_is_shown_where_it_was_written(client, session):
    make.announcement("Tiếng Việt", title_en="In English", body_en="Rain.")
    assert "In English" in Page(client.get("/announcements")).text()
    client.set_cookie("language", "vi")
    assert "In English" not in client.get("/announcements").text


@pytest.mark.parametrize("ward", ["", "x", "999999", "%00x"[3:]])
def test_a_ward_that_there_is_not_shows_all(client, told, ward):
    assert client.get(f"/announcements?ward={ward}").status_code == 200


def test_a_tag_in_a_text_stays_text(client, session):
    make.announcement("<b>Đậm</b>", body="<script>x</script>")
    assert "<script>x" not in client.get("/announcements").text
