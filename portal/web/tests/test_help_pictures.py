"""The pictures in the guides: they are there, in the size that is kept free for them, small, and told in words."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image

from portal.web.guide_text import read_guide
from portal.web.guides import GUIDES

MOST_BYTES, MOST_BYTES_TOGETHER = 60_000, 350_000


class Pictures(HTMLParser):
    """Collects the attributes of every picture."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(body)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def pictures_of(slug: str) -> list[dict[str, str | None]]:
    return next(Pictures(read_guide(guide).body).found for guide in GUIDES if guide.slug == slug)


def file_of(picture: dict[str, str | None]) -> Path:
    name = urlsplit(picture["src"]).path.removeprefix(settings.STATIC_URL)
    found = finders.find(name)
    assert found, f"{name} is not among the static files: manage.py help_pictures"
    return Path(found)


PICTURES = [(guide.slug, number) for guide in GUIDES for number in range(len(pictures_of(guide.slug)))]


@pytest.mark.parametrize("slug", ["connect-bigcommerce", "connect-shift4shop"])
def test_connecting_is_shown_in_three_pictures(slug):
    assert len(pictures_of(slug)) == 3


@pytest.mark.parametrize(("slug", "number"), PICTURES)
def test_a_picture_is_there_small_and_told_in_words(slug, number):
    picture = pictures_of(slug)[number]
    file = file_of(picture)
    assert len((picture["alt"] or "").split()) > 5
    assert file.stat().st_size <= MOST_BYTES
    assert picture["loading"] == "lazy"


@pytest.mark.parametrize(("slug", "number"), PICTURES)
def test_the_room_kept_for_a_picture_has_its_shape(slug, number):
    picture = pictures_of(slug)[number]
    with Image.open(file_of(picture)) as image:
        assert image.size == (2 * int(picture["width"]), 2 * int(picture["height"]))


def test_all_pictures_together_are_small():
    files = {file_of(picture) for guide in GUIDES for picture in pictures_of(guide.slug)}
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES_TOGETHER
