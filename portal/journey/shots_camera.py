"""Takes the pictures in Chromium and keeps them small. Needs the development packages (playwright, pillow) and a Chromium."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from portal.journey.own_stack import SIMULATORS, OwnStack
from portal.journey.shots import NOBODY, PHONE, Shot

MOST_BYTES = 150_000
COLOURS = (256, 128, 64, 48, 32)
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


class NoChromium(Exception):
    """There is no Chromium on this machine."""


def take(
    shots: Sequence[Shot], *, stack: OwnStack, password: str, folder: Path, tell: Callable[[str], None]
) -> list[Path]:
    """Take ``shots`` of the running ``stack`` into ``folder``. Raises NoChromium, and playwright's errors."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with chromium() as browser:
        sessions = {who: _log_in(browser, stack, who, password) for who in sorted({shot.who for shot in shots})}
        for shot in shots:
            picture = folder / f"{shot.name}.png"
            picture.write_bytes(squeeze(_picture(browser, shot, stack, sessions[shot.who])))
            tell(f"{picture.name}: {picture.stat().st_size // 1000} kB")
            taken.append(picture)
    return taken


def squeeze(png: bytes, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The picture with as many colours as fit in ``most_bytes``."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        image.quantize(colors=colours, method=Image.Quantize.MEDIANCUT).save(out, "PNG", optimize=True)
        if out.tell() <= most_bytes:
            break
    return out.getvalue()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window, closed at the end. Raises NoChromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        raise NoChromium("There is no Chromium on this machine. Install the package `chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


def _log_in(browser: Browser, stack: OwnStack, who: str, password: str) -> Any:
    if who == NOBODY:
        return None
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{stack.base}/accounts/login/")
    page.get_by_label("E-mail").fill(who)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.locator("nav[aria-label=Main]").wait_for(state="attached")
    state = context.storage_state()
    context.close()
    return state


def _picture(browser: Browser, shot: Shot, stack: OwnStack, session: Any) -> bytes:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.size == PHONE else 1,
        color_scheme=shot.theme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
        storage_state=session,
    )
    page = context.new_page()
    page.tradelane_stores = {kind: stack.simulator(kind) for kind in SIMULATORS}  # type: ignore[attr-defined]  # for ``act``
    page.goto((stack.simulator(shot.store) if shot.store else stack.base) + shot.path)
    if shot.act:
        shot.act(page)
    _settle(page)
    png = page.screenshot()
    context.close()
    return png


def _settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => document.activeElement && document.activeElement.blur())")
