"""Log lines as JSON, with secrets cut out before anything else looks at them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

SECRET_WORDS = re.compile(r"token|secret|password|authorization|private.?key|api.?key|cookie|credential", re.IGNORECASE)
HIDDEN = "[hidden]"
TOKEN_IN_PATH = re.compile(r"/[A-Za-z0-9_:\-]{20,}/")


def redact(value: Any) -> Any:
    """A copy of ``value`` in which every entry whose key sounds like a secret is replaced."""
    if isinstance(value, dict):
        return {k: HIDDEN if SECRET_WORDS.search(str(k)) else redact(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    return value


def redact_event(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """structlog's first step of ours: no secret and no token in an address goes on."""
    return {key: _without_tokens(value) for key, value in redact(event).items()}


def _without_tokens(value: Any) -> Any:
    """Long random parts of a path (invitation and confirmation links, webhook keys) cut out."""
    return TOKEN_IN_PATH.sub(f"/{HIDDEN}/", value) if isinstance(value, str) else value


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and what was passed as ``extra={"data": {...}}``."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.msg if isinstance(record.msg, dict) else {"message": record.getMessage()}
        line: dict[str, Any] = {"at": self.formatTime(record), "level": record.levelname, "logger": record.name}
        line.update(redact(message))
        line.update(redact(getattr(record, "data", {})))
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)
