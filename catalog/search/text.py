"""How texts are compared: without case, accents and outer blanks; and the words in them. Pure."""

from __future__ import annotations

import re
import unicodedata

# A trigram needs three characters; shorter words are not looked for.
SHORTEST = 3
MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")


def fold(text: str) -> str:
    """``text`` as it is compared: ``Crème BRÛLÉE`` → ``creme brulee``."""
    plain = unicodedata.normalize("NFKD", text.replace("\x00", ""))
    return "".join(one for one in plain if not unicodedata.combining(one)).casefold().strip()


def words_of(text: str) -> list[str]:
    """The words of a folded text in order, each once: ``t-light holder`` → ``t-light``, ``holder``."""
    return list(dict.fromkeys(_WORD.findall(text)))


def wanted_words(text: str) -> list[str]:
    """The words of what somebody typed that can be looked for: three characters at least, eight words at most."""
    return [word for word in words_of(fold(text)) if len(word) >= SHORTEST][:MOST_WORDS]


def looks_like_code(text: str) -> bool:
    """Whether ``text`` may be (the beginning of) a SKU or barcode: one piece, or with a digit in it. Words in a row are none."""
    return len(text.split()) == 1 or any(one.isdigit() for one in text)


def is_plain(word: str) -> bool:
    """Whether ``word`` is one of a language, and no number or code: only such words have typos that can be told."""
    return SHORTEST <= len(word) <= 40 and not any(one.isdigit() for one in word)
