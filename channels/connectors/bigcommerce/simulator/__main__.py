"""`python -m channels.connectors.bigcommerce.simulator --port 8101 --state FILE --time-scale 20 --map HOST=URL`."""

from __future__ import annotations

from channels.connectors.bigcommerce.simulator.app import create_app
from channels.simkit.cli import run

run("bigcommerce", create_app)
