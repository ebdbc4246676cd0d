"""A real browser: the machine's Chromium, driven by Playwright, which downloads none of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

_COMMANDS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PHONE, DESK = 390, 1280  # width in pixels


def find_browser() -> str:
    """Return the path of the browser; skip the test if none is installed."""
    found = next(filter(None, map(shutil.which, _COMMANDS)), None)
    if found is not None:
        return found
    pytest.skip(f"none of {', '.join(_COMMANDS)} is installed")


@contextmanager
def running_browser(command: str) -> Iterator[Browser]:
    """Run the browser while the block runs."""
    with sync_playwright() as playwright:
        # Straight to the sandbox, even if the machine uses a proxy.
        browser = playwright.chromium.launch(executable_path=command, args=["--no-proxy-server"])
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """A page in a browser, and the messages of its console, errors and dialogs."""

    def __init__(self, browser: Browser, *, width: int = DESK, **options: Any) -> None:
        viewport = {"width": width, "height": 800}
        self._context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        self.page: Page = self._context.new_page()
        self.messages: list[str] = []
        self.page.on("console", lambda message: self._note(message.text))
        self.page.on("pageerror", self._note)
        self.page.on("dialog", self._dismiss)

    def _note(self, message: object) -> None:
        self.messages.append(str(message))

    def _dismiss(self, dialog: Dialog) -> None:
        self._note(dialog.message)
        dialog.dismiss()

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def elements(self, selector: str = "body") -> set[str]:
        """Return the names of the elements below the one that is selected."""
        script = "top => [...top.querySelectorAll('*')].map(one => one.localName)"
        return set(self.page.eval_on_selector(selector, script))

    def handlers(self) -> list[str]:
        """Return the attributes that would run a script."""
        script = """() => [...document.querySelectorAll('*')].flatMap(one =>
            [...one.attributes].filter(({name, value}) =>
                name.startsWith('on') || /^\\s*(javascript|data):/i.test(value))
            .map(({name}) => one.localName + ' ' + name))"""
        found: list[str] = self.page.evaluate(script)
        return found

    def close(self) -> None:
        """Close the page."""
        self._context.close()
