"""What a screen reader is told: faults at once and at their fields, what was done, how far an import has come."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.states.looking import Looker
from tests.states.table import STATES

pytestmark = pytest.mark.browser


# Counts what comes into a live region once the page is there.
WATCH = """document.addEventListener("DOMContentLoaded", () => {
  window.cameLater = 0;
  const told = document.querySelector(".notices");
  if (told) window.setTimeout(() => new MutationObserver(seen => {
    window.cameLater += seen.filter(each => each.addedNodes.length).length;
  }).observe(told, {childList: true}));
});"""


def state(words: str):
    return next(each for each in STATES if str(each) == words)


def tree(page: Page) -> list[dict[str, Any]]:
    """The accessibility tree as the browser gives it to a screen reader: role, name, description and what is so."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        {
            "role": node.get("role", {}).get("value"),
            "name": node.get("name", {}).get("value", ""),
            "description": node.get("description", {}).get("value", ""),
            **{each["name"]: each["value"].get("value") for each in node.get("properties", [])},
        }
        for node in nodes
        if not node.get("ignored")
    ]


def test_the_summary_of_faults_has_the_focus_and_each_wrong_field_says_what_is_wrong(looker: Looker):
    heard = tree(looker.open(state("/checkout with faults: half")))

    (focused,) = [each for each in heard if each.get("focused") and each["role"] != "RootWebArea"]
    assert (focused["role"], focused["name"]) == ("alert", "Có chỗ cần sửa")
    wrong = {each["name"]: each["description"] for each in heard if each.get("invalid") == "true"}
    assert {"Số điện thoại di động", "Địa chỉ"} < set(wrong)  # and the consent, whose name is a sentence
    assert all("Lỗi: " in told for told in wrong.values()), wrong


def test_a_choice_that_is_missing_is_a_wrong_group(looker: Looker):
    heard = tree(looker.open(state("/checkout with faults: empty")))

    roles = {each["role"] for each in heard if each.get("invalid") == "true"}
    assert {"textbox", "combobox", "checkbox"} <= roles


def test_what_was_done_stands_in_a_live_region(looker: Looker):
    page = looker.open(state("/basket just added to"))

    (told,) = [each for each in tree(page) if each["role"] == "status" and each.get("live") == "polite"]
    assert told["role"] == "status"
    expect(page.get_by_role("status").first).to_have_text("Đã thêm vào giỏ hàng.")


def test_what_was_done_comes_into_its_live_region_after_the_page_has_opened(looker: Looker):
    """A region that is full from the start is not announced."""
    looker.page.add_init_script(WATCH)

    page = looker.open(state("/basket just added to"))

    page.wait_for_timeout(600)
    assert page.evaluate("window.cameLater") > 0


def test_a_running_import_is_heard_once_for_each_step(looker: Looker):
    page = looker.open(state("/desk/statements/<int:statement_id> booking"))
    told = page.locator("#heard")

    expect(told).to_have_text("Giao dịch đã quyết định và ghi lại 25 %")
    assert [each.get("live") for each in tree(page) if each["role"] == "status"] == ["polite"]
    changes = page.evaluate(
        """() => new Promise(done => {
          let changes = 0;
          new MutationObserver(seen => { changes += seen.length; })
            .observe(document.getElementById("heard"), {childList: true, characterData: true, subtree: true});
          document.addEventListener("htmx:afterSettle", () => window.setTimeout(() => done(changes), 50), {once: true});
        })"""
    )
    assert changes == 0  # it looked again, and nothing was new


def test_a_password_can_be_pasted_and_a_browser_may_fill_it_in(looker: Looker):
    page = looker.open(state("/sign-in empty"))
    name, password = page.locator("#username"), page.locator("#password")
    name.press_sequentially("mot hai ba")
    name.press("Control+a")
    name.press("Control+c")

    password.press("Control+v")

    assert password.input_value() == "mot hai ba"
    assert (name.get_attribute("autocomplete"), password.get_attribute("autocomplete")) == (
        "username",
        "current-password",
    )
