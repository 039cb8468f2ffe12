"""Somebody at a browser: counts the clicks in the portal, and notes whatever else the browser asked or met."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

PATIENCE_MS = 45_000.0


@dataclass
class Person:
    """One person with one browser window. ``strange`` holds requests to foreign origins, script errors and broken answers."""

    page: Page
    home: str
    clicks: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def goto(self, address: str) -> None:
        """Open a page, by its whole address or its path in the portal."""
        self.page.goto(address if "://" in address else self.home + address)

    def click(self, what: Locator) -> None:
        """One click, counted where it is in the portal."""
        label = re.sub(r"\s+", " ", what.first.inner_text() or what.first.get_attribute("aria-label") or "box")
        if self.page.url.startswith(self.home):
            self.clicks.append(label.strip())
        what.first.click()

    def press(self, name: str, *, inside: str = "body") -> None:
        """Click the button of this name."""
        self.click(self.page.locator(inside).get_by_role("button", name=name))

    def follow(self, name: str, *, inside: str = "body") -> None:
        """Click the link of this name."""
        self.click(self.page.locator(inside).get_by_role("link", name=name))

    def go(self, name: str) -> None:
        """Use the portal's navigation."""
        self.follow(name, inside="nav[aria-label=Main]")

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.page.get_by_label(label).first.fill(text)

    def see(self, words: str, *, inside: str = "main") -> None:
        """Wait until the words stand there; raises playwright's TimeoutError, which names them."""
        self.page.locator(inside).get_by_text(words).first.wait_for()

    def await_after_reload(self, words: str) -> None:
        """Come back to the page until the words stand there."""
        for _ in range(45):
            if self.page.locator("main").get_by_text(words).filter(visible=True).count():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        self.see(words)

    @property
    def words(self) -> str:
        """The page's text, spaces folded."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())


def sit_down(browser: Browser, *, home: str, origins: set[str]) -> Person:
    """A person with a fresh browser, who may see ``origins`` and nobody else."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    page.set_default_timeout(PATIENCE_MS)
    person = Person(page, home)
    page.on("request", lambda asked: _note_foreign(person, asked.url, origins))
    page.on("pageerror", lambda error: person.strange.append(f"script error: {error}"))
    page.on("console", lambda said: _note_refusal(person, said))
    page.on("response", lambda got: _note_broken(person, got))
    return person


def _note_foreign(person: Person, url: str, origins: set[str]) -> None:
    address = urlsplit(url)
    if address.scheme.startswith("http") and f"{address.scheme}://{address.netloc}" not in origins:
        person.strange.append(f"foreign request: {url}")


def _note_refusal(person: Person, said: Any) -> None:
    if said.type == "error" and "Content Security Policy" in said.text:
        person.strange.append(said.text)


def _note_broken(person: Person, got: Any) -> None:
    if got.status >= 500:
        person.strange.append(f"{got.status}: {got.url}")
