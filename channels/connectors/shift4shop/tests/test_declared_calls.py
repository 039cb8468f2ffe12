"""Every call that we declare exists in the vendor's own description of 2018."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml

from channels.connectors.shift4shop.calls import CALLS

# Described in the documentation only: webhooks are younger than the description.
YOUNGER = {"Webhooks"}


@pytest.fixture
def described() -> set[tuple[str, str]]:
    folder = os.environ.get("TRADELANE_SPECS")
    if not folder:
        pytest.skip("TRADELANE_SPECS is not set: the vendor's contract files are not here to compare with")
    text = (Path(folder) / "shift4shop" / "3dcart-rest-v1-swagger2-2018.yaml").read_text()
    return {
        (verb.upper(), re.sub(r"{\w+}", "{}", path.removeprefix("/3dCartWebAPI/v1/")))
        for path, verbs in yaml.safe_load(text)["paths"].items()
        for verb in verbs
    }


def test_no_call_is_made_up(described: set[tuple[str, str]]) -> None:
    ours = {(call.method, re.sub(r"/0$", "/{}", call.path)) for call in CALLS if call.area not in YOUNGER}

    assert ours - described == set()
