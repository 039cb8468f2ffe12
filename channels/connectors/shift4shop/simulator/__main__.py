"""Command line: `python -m channels.connectors.shift4shop.simulator --port 8102 --state FILE ...`."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from channels.connectors.shift4shop.simulator.app import create_app
from channels.simkit.cli import run


def main(arguments: list[str]) -> None:
    """Read the developer's app out of the options, leave the others to the shared command line."""
    parser = argparse.ArgumentParser(add_help=False)
    for name in ("public-key", "private-key", "callback-url", "redirect-uri"):
        parser.add_argument(f"--{name}", default="")
    app, others = parser.parse_known_args(arguments)
    if {"-h", "--help"} & set(others):
        print("The developer's app: --public-key --private-key --callback-url --redirect-uri\n")
    run("shift4shop", partial(create_app, **vars(app)), others)


if __name__ == "__main__":
    main(sys.argv[1:])
