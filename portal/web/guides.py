"""The guides of the help pages. A guide is ``templates/help/<slug>.html``; apps add theirs with ``add_guide``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """``sentence`` says what somebody can do after reading it."""

    slug: str
    title: str
    sentence: str
    icon: str = "book-open"


GUIDES: list[Guide] = [
    Guide(
        "start",
        "From a store to the first order",
        "Connect, price, invite, publish: five steps in order.",
        "list-checks",
    ),
    Guide("sign-up", "Sign up", "Make an account, choose the platform, invite colleagues.", "user-plus"),
    Guide(
        "connect", "Connect a store", "Sign up, permit, confirm: from your store's key to its first products.", "plug"
    ),
    Guide(
        "connect-shift4shop",
        "Connect Shift4Shop (3dcart)",
        "Where the secure URL is, what we ask for, how to know that it works.",
        "plug",
    ),
    Guide(
        "connect-bigcommerce",
        "Connect BigCommerce",
        "Make the API account, give it the right permissions, paste it once.",
        "plug",
    ),
    Guide("integrations", "Pause, reauthorise, remove", "What each does, and what stays.", "circle-pause"),
    Guide(
        "mapping",
        "What an order status means",
        "Choose which orders are taken over, and which status we set.",
        "list-checks",
    ),
    Guide("prices", "Pricing guide", "Make a price list and see where each price comes from.", "tag"),
    Guide("files", "Files", "Import products, stock and prices from CSV and Excel, and export them.", "file-up"),
    Guide("skus", "SKUs that match", "See which SKUs match, which only look alike, and settle them.", "scan-search"),
    Guide("partners", "Partners", "Invite, accept and end; what a partner sees.", "users"),
    Guide("orders", "Orders", "Read an order's state, match an item, ship a parcel.", "shopping-cart"),
    Guide("books", "Books that agree", "Read a statement, see what differs, choose whose figure holds.", "scale"),
    Guide("problems", "Problems", "See what is stuck, mend the cause, try again.", "triangle-alert"),
    Guide("alerts", "Alerts", "Who hears of what, by e-mail, here and by webhook.", "bell"),
    Guide("causes", "What each problem means", "Every cause, who acts and what to do.", "circle-question-mark"),
    Guide("reports", "Reports", "What is counted, and what is kept apart.", "chart-column"),
    Guide(
        "listings", "Catalogue and listings", "Find goods, check them, publish them and price them your way.", "store"
    ),
    Guide(
        "company", "Company and people", "What partners see of you, the postal address, who may do what.", "building-2"
    ),
    Guide("api", "API keys", "Let your own programs read and change things.", "key-round"),
    Guide("profile", "Your profile", "Name, time zone, password, two-step login.", "circle-user-round"),
    Guide("lists", "Lists and the keyboard", "Search, filter, save a view and export what you see.", "table-2"),
]


def add_guide(guide: Guide) -> None:
    """Offer a guide whose template another app brings; the same slug again replaces it."""
    GUIDES[:] = [known for known in GUIDES if known.slug != guide.slug] + [guide]


def find_guide(slug: str) -> Guide | None:
    """The guide of ``slug``, None when there is none; a channel without a guide of its own is told by the common one."""
    known = {guide.slug: guide for guide in GUIDES}
    return known.get(slug) or (known["connect"] if slug.startswith("connect-") else None)
