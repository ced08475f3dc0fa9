"""Every word is in good Vietnamese as far as a program can tell; and each way of falling short is noticed."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bin.messages import compiled, words_of
from kernel.settings import ROOT
from tests.architecture.translations import faults_of_translation

CODE = 'flash(_("Order %(code)s is paid.", code=code))\nlabel = _l("Phone")\n'
PAGE = "<p>{{ _('Basket') }} {% trans count=n %}{{ count }} place{% pluralize %}{{ count }} places{% endtrans %}</p>"
GOOD = {
    "Order %(code)s is paid.": "Đơn %(code)s đã được thanh toán.",
    "Phone": "Điện thoại",
    "Basket": "Giỏ hàng",
    ("%(count)s place", "%(count)s places"): ("còn %(count)s chỗ",),
}


def test_everything_is_translated_into_vietnamese():
    faults = list(faults_of_translation(ROOT, "vi"))

    assert not faults, "\n".join(faults)


def test_words_are_found_in_code_and_templates(tmp_path):
    write(tmp_path, GOOD)

    assert {message.id for message in words_of(tmp_path) if message.id} == GOOD.keys()


def test_a_complete_catalogue_has_no_faults(tmp_path):
    write(tmp_path, GOOD)

    assert list(faults_of_translation(tmp_path, "vi")) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda words: words.pop("Phone"), "missing: Phone"),
        (lambda words: words.update(Phone=""), "untranslated: Phone"),
        (lambda words: words.update({"Gone": "Mất rồi"}), "no longer said: Gone"),
        (
            lambda words: words.update({"Order %(code)s is paid.": "Đơn %(order)s đã trả."}),
            "names a place that is never filled: Order %(code)s is paid.",
        ),
    ],
)
def test_a_catalogue_that_falls_short_is_noticed(change, fault, tmp_path):
    words = dict(GOOD)
    change(words)
    write(tmp_path, words)

    assert list(faults_of_translation(tmp_path, "vi")) == [f"vi: {fault}"]


def test_a_guess_is_noticed(tmp_path):
    write(tmp_path, GOOD, fuzzy=True)

    assert "vi: only guessed: Phone" in list(faults_of_translation(tmp_path, "vi"))


def test_a_stale_compilation_is_noticed(tmp_path):
    write(tmp_path, GOOD)
    (tmp_path / "translations/vi/LC_MESSAGES/messages.mo").write_bytes(b"")

    assert list(faults_of_translation(tmp_path, "vi")) == ["vi: messages.mo is not what messages.po compiles to"]


def test_no_catalogue_at_all_is_noticed(tmp_path):
    assert list(faults_of_translation(tmp_path, "vi")) == ["vi: there is no catalogue"]


def write(root, words, *, fuzzy=False):
    """A small program with one module, one page and a catalogue that holds ``words``."""
    for path, text in (("orders/views.py", CODE), ("templates/orders/page.html", PAGE)):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text, encoding="utf-8")
    catalog = Catalog(locale="vi", charset="utf-8", fuzzy=False)
    for word, translation in words.items():
        catalog.add(word, translation, flags={"fuzzy"} if fuzzy else set())
    folder = root / "translations/vi/LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.po").open("wb") as file:
        write_po(file, catalog)
    (folder / "messages.mo").write_bytes(compiled(catalog))
