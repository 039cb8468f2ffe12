"""Colours keep their contrast, both copies of the dark theme agree, and borrowed files are where we expect them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

CSS = Path(settings.BASE_DIR) / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()

GROUNDS = ("surface", "canvas", "raised", "sunken", "hover", "press")
TINTS = ("ok", "warn", "bad", "accent", "idle")
BORROWED = (
    "django_htmx/htmx-2.min.js",
    "unfold/js/chart/chart.js",
    "unfold/fonts/inter/Inter-Regular.woff2",
    "unfold/fonts/inter/Inter-Medium.woff2",
    "unfold/fonts/inter/Inter-SemiBold.woff2",
)


def block(selector: str) -> dict[str, str]:
    body = TOKENS[TOKENS.index(selector) :]
    body = body[body.index("{") + 1 : body.index("}")]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


LIGHT = block(":root {")
DARK = {**LIGHT, **block(':root[data-theme="dark"]')}
THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_pairs() -> list[tuple[str, str]]:
    on_grounds = [(text, ground) for text in ("text", "text-2", "text-3") for ground in GROUNDS]
    on_tints = [(role if role != "accent" else "accent-text", f"{role}-tint") for role in TINTS]
    plain_on_tints = [("text", f"{role}-tint") for role in TINTS]
    filled = [("text-on", ground) for ground in ("accent", "accent-hover", "danger", "danger-hover")]
    words = [(role, ground) for role in ("ok", "warn", "bad", "accent-text") for ground in ("surface", "hover")]
    return on_grounds + on_tints + plain_on_tints + filled + words + [("surface", "text")]


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read_on_its_ground(theme):
    colours = THEMES[theme]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in text_pairs()}
    assert {pair: round(value, 2) for pair, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_controls_and_the_focus_ring_can_be_seen(theme):
    colours = THEMES[theme]
    pairs = [("line-control", "surface"), ("focus", "surface"), ("focus", "canvas"), ("accent", "surface")]
    assert {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 3
    } == {}


def test_dark_by_the_system_and_dark_by_choice_are_the_same():
    assert block(':root:not([data-theme="light"])') == block(':root[data-theme="dark"]')


@pytest.mark.parametrize("name", BORROWED)
def test_a_borrowed_file_is_where_we_load_it_from(name):
    assert finders.find(name), (
        f"{name} has moved: its package was upgraded; find its new place and change the templates."
    )


def test_fonts_in_the_style_sheet_exist():
    for address in re.findall(r'url\("([^"]+)"\)', (CSS / "fonts.css").read_text()):
        assert finders.find(address.removeprefix("../")), address


def test_no_component_names_a_colour_of_its_own():
    allowed = {"#fff"}
    for sheet in CSS.glob("*.css"):
        if sheet.name != "tokens.css":
            found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", sheet.read_text())) - allowed
            assert found == set(), sheet.name
