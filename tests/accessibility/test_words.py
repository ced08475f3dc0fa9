"""Each way in which a page can speak the wrong language, or write a figure as elsewhere, is planted and noticed."""

import pytest
from babel.messages.catalog import Catalog

from tests.accessibility.words import English, left_in_vietnamese, said_alike, strange_figures

DATA = {"Rau củ 5 món", "kinhte1", "Trần Thị Bưởi"}


@pytest.fixture
def english() -> English:
    catalog = Catalog(locale="vi")
    catalog.add("Basket", "Giỏ hàng")
    catalog.add("Line %(line)s is not an order’s code.", "Dòng %(line)s không phải mã đơn.")
    catalog.add(("%(count)s place left", "%(count)s places left"), ("còn %(count)s chỗ",))
    catalog.add("PDF", "PDF")
    return English(catalog)


@pytest.mark.parametrize(
    "said", [("Giỏ hàng", "en", "text"), ("Bỏ Rau củ 5 món", "en", "aria-label"), ("Rau củ 5 món", "en", "text")]
)
def test_vietnamese_on_an_english_page_is_noticed(said):
    assert list(left_in_vietnamese([said], DATA)) == [f"{said[2]}: {said[0]}"]


@pytest.mark.parametrize(
    "said",
    [
        ("Rau củ 5 món", "vi", "text"),
        ("Rau củ 5 món – Đi Chợ Thay", "en", "title"),
        ("Dear customers of Rau củ 5 món", "en", "script"),
        ("“Thủ Đức” is not known", "en", "text"),
        ("Amount (đồng)", "en", "text"),
        ("100.000\u00a0₫", "en", "text"),
    ],
)
def test_what_stays_vietnamese_is_let_through(said):
    assert list(left_in_vietnamese([said], DATA)) == []


@pytest.mark.parametrize("text", ["Basket", "Line 7 is not an order’s code."])
@pytest.mark.parametrize("where", ["text", "title", "aria-label"])
def test_english_on_a_vietnamese_page_is_noticed(english, text, where):
    assert list(english.left([(text, "vi", where)], DATA)) == [f"{where}: {text}"]


@pytest.mark.parametrize("text", ["Giỏ hàng", "PDF", "kinhte1", "Dòng 7 không phải mã đơn."])
def test_a_vietnamese_page_is_let_through(english, text):
    assert list(english.left([(text, "vi", "text")], DATA)) == []


def test_words_that_were_never_marked_stand_on_both_pages_and_are_noticed():
    both = [("Hard-coded words", "text"), ("Rau củ 5 món", "text"), ("VietQR", "text"), ("12/09/2021", "text")]
    english = [(text, "en", where) for text, where in both]
    vietnamese = [(text, "vi", where) for text, where in both]

    assert said_alike(english, vietnamese, DATA) == ["text: Hard-coded words"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("100,000\u00a0₫", "money"),
        ("100.000 ₫", "money"),
        ("100000\u00a0₫", "money"),
        ("2021-09-12", "day"),
        ("5:30 PM", "hour"),
        ("0912345678", "phone"),
        ("1,234", "number"),
    ],
)
def test_a_figure_written_as_elsewhere_is_noticed(text, kind):
    assert kind in [fault.split(":")[0] for fault in strange_figures([(text, "en", "text")])]


@pytest.mark.parametrize(
    "text", ["100.000\u00a0₫", "–20.000\u00a0₫", "12/09/2021 17:30", "0912 345 678", "1.234", "DC2CYTZ9S 0912345678"]
)
def test_a_figure_written_as_here_is_let_through(text):
    assert list(strange_figures([(text, "en", "text")])) == []
