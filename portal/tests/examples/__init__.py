"""An object of the cast for every address that names one, so that the walk can ask for it as its owner and as a stranger.

Each maker takes the cast and answers what the address needs, for an object that Kingsway (the supplier) or Acme (the retailer) may see. A new address
with a variable part needs an entry in its app's module here, or the walk fails with its name.
"""

from typing import Any

from portal.tests.examples import alerts, books, catalog, channels, companies, orders, problems
from portal.tests.examples.base import Cast, Example, Maker

EXAMPLES: dict[str, Maker] = {
    **companies.EXAMPLES,
    **catalog.EXAMPLES,
    **orders.EXAMPLES,
    **channels.EXAMPLES,
    **problems.EXAMPLES,
    **alerts.EXAMPLES,
    **books.EXAMPLES,
}
# Addresses whose variable part names no object of a company, with a value for it.
NO_OBJECT: dict[str, dict[str, Any]] = {**catalog.NO_OBJECT, **channels.NO_OBJECT}

__all__ = ["EXAMPLES", "NO_OBJECT", "Cast", "Example", "Maker"]
