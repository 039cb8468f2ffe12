"""A supplier and a retailer who trade: made through the same services that the screens call."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalog import services as catalog
from catalog.models import PriceList
from channels import services as channels
from channels.models import Integration
from channels.services import Connection
from portal.companies.models import Company, CompanyKind, Partnership, User
from portal.companies.services.companies import create_company
from portal.companies.services.partnerships import accept_partnership, invite_partner
from portal.journey.doors import Door, StoreDoor

ADDRESS = {
    "address1": "4 Dock Street",
    "city": "Leeds",
    "postcode": "LS10 1NA",
    "country": "GB",
    "phone": "0113 496 0123",
}


@dataclass
class Side:
    """One company with its owner and its store."""

    company: Company
    owner: User
    store: StoreDoor
    # Set by ``connect``, which every story begins with; None before it.
    integration: Integration = None  # type: ignore[assignment]


@dataclass
class Pair:
    """A supplier and a retailer, their partnership and its price list."""

    supplier: Side
    retailer: Side
    partnership: Partnership
    price_list: PriceList | None = None


def make_pair(supplier_kind: str, retailer_kind: str, *, tag: str, names: tuple[str, str]) -> Pair:
    """Two companies of this sandbox, each with an owner and an empty store of the given channel, trading with each other."""
    supplier = make_side(names[0], CompanyKind.SUPPLIER, supplier_kind, tag=tag)
    retailer = make_side(names[1], CompanyKind.RETAILER, retailer_kind, tag=tag)
    invited = invite_partner(supplier.company, as_role="supplier", by=supplier.owner, other=retailer.company)
    partnership = accept_partnership(invited.partnership, company=retailer.company, by=retailer.owner)
    return Pair(supplier, retailer, partnership)


def make_side(name: str, role: CompanyKind, kind: str, *, tag: str, email: str = "", password: str = "") -> Side:
    """One company, its owner and its store."""
    word = name.split()[0].lower()
    email = email or f"{word}-{tag}@example.com"
    owner = User.objects.create_user(email, password or None, name=f"Owner of {name}")
    company = create_company(name, kind=role, owner=owner, email=email, currency="GBP", platform=kind, **ADDRESS)
    store = Door(kind).make_store(f"{word}{tag}"[:20], name=name, email=email)
    company.store_address = store.address
    company.save(update_fields=["store_address"])
    return Side(company, owner, store)


def connect(side: Side) -> Integration:
    """Connect the side's store through the same service as the wizard, with the choices that a merchant makes there."""
    settings = (
        {"payment_method": str(side.store.credentials["payment_method_id"])}
        if "payment_method_id" in side.store.credentials
        else {}
    )
    side.integration = channels.connect(
        side.company,
        Connection(
            kind=side.store.kind,
            name=f"{side.company.name} store",
            credentials=side.store.credentials,
            store_address=side.store.address,
            settings=settings,
        ),
        by=side.owner,
    )
    return side.integration


def price(pair: Pair) -> PriceList:
    """A first price list, 30 % off retail, assigned to the partnership."""
    pair.price_list = catalog.create_price_list(pair.supplier.company, name="Trade", percent_off=Decimal(30))
    catalog.assign_price_list(pair.partnership, pair.price_list)
    return pair.price_list
