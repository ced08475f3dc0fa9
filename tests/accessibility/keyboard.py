"""A person with a keyboard alone: Tab, Space, Enter, arrows, letters. No mouse, and no focus by script."""

from playwright.sync_api import Page

FAR = 120  # presses; more than any page of ours has stops

# What a screen reader would call the element in focus, and what it is.
HERE = """() => {
  const it = document.activeElement, by = it.labels && it.labels[0];
  const name = it.getAttribute("aria-label") || (by ? by.innerText : it.innerText) || it.value || "";
  const said = name.replace(/\\s+/g, " ").trim();
  return {name: said, id: it.id, href: it.getAttribute("href") || ""};
}"""


class Keyboard:
    """Hands on the keyboard in front of ``page``."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def here(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate(HERE)
        return found

    def press(self, *keys: str) -> "Keyboard":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def to(self, words: str = "", *, id: str = "", href: str = "", back: bool = False) -> "Keyboard":  # noqa: A002
        """Tab until the focus is on what is called so (its beginning), or has this id or the end of this address."""
        for _press in range(FAR):
            self.press("Shift+Tab" if back else "Tab")
            at = self.here
            if (
                (words and at["name"].startswith(words))
                or (id and at["id"] == id)
                or (href and at["href"].endswith(href))
            ):
                return self
        raise AssertionError(f"Tab does not lead to {words or id or href} on {self.page.url}")

    def type(self, text: str) -> "Keyboard":
        self.page.keyboard.type(text)
        return self

    def go(self, key: str = "Enter") -> "Keyboard":
        """Press what is in focus, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.press(key)
        return self
