"""BigCommerce stores, through the V2 orders and the V3 catalogue and inventory APIs."""

from __future__ import annotations

from collections.abc import Sequence

from channels.connectors.bigcommerce import address, areas
from channels.connectors.bigcommerce.app import AppPart
from channels.connectors.bigcommerce.calls import CALLS
from channels.connectors.bigcommerce.checks import MENU, ChecksPart
from channels.connectors.bigcommerce.consent import ConsentPart
from channels.connectors.bigcommerce.hooks import HooksPart
from channels.connectors.bigcommerce.orders import OrdersPart
from channels.connectors.bigcommerce.publishing import PublishingPart
from channels.connectors.bigcommerce.shipments import ShipmentsPart
from channels.contract import (
    AddressCheck,
    Can,
    CredentialField,
    GuideStep,
    Permission,
    RateHeaders,
    RateLimit,
    RemoteOrderState,
    SettingField,
)

_LOGIN = "https://login.bigcommerce.com/"


class BigCommerce(ChecksPart, PublishingPart, OrdersPart, ShipmentsPart, HooksPart, ConsentPart, AppPart):
    """A BigCommerce store: catalogue, stock, orders and parcels in both directions."""

    kind = "bigcommerce"
    orders_oldest_first = True
    label = "BigCommerce"
    monogram = "B"
    description = "Products, stock, orders and tracking of a BigCommerce store."
    can = frozenset(Can)
    calls = CALLS
    # The smallest documented plan; the headers of every answer tell the store's own (section 2).
    rate_limit = RateLimit(requests=150, seconds=30)
    rate_headers = RateHeaders(
        left="X-Rate-Limit-Requests-Left",
        reset_ms="X-Rate-Limit-Time-Reset-Ms",
        quota="X-Rate-Limit-Requests-Quota",
    )
    address_label = "Store address"
    address_help = (
        "The permanent address of your store, not the one that customers see. You find the store hash in the control"
        " panel under Settings › API › Store-level API accounts; the API path can be pasted here as it is."
    )
    address_placeholder = address.EXAMPLE
    address_field = "store_hash"

    credential_fields = (
        CredentialField("store_hash", "Store hash", "The part after /stores/ in the API path.", "abc123"),
        CredentialField("client_id", "Client ID", "Shown when the API account is made.", "31 letters and digits"),
        CredentialField(
            "access_token", "Access token", "Shown once, when the API account is made.", "31 letters and digits", True
        ),
        CredentialField(
            "client_secret",
            "Client secret",
            "Used for one thing: to verify the signature of your store's webhooks.",
            "64 letters and digits",
            is_secret=True,
            is_required=False,
        ),
    )
    permissions = (
        Permission(
            areas.ORDERS_WRITE.name, areas.MODIFY, "To read orders, create partners' orders and add tracking.", MENU
        ),
        Permission(areas.TRANSACTIONS.name, areas.READ, "To see that an order was paid.", MENU),
        Permission(areas.PRODUCTS.name, areas.READ, "To read your products, variants and prices.", MENU),
        Permission(areas.INFORMATION.name, areas.READ, "To read the store's name, currency and time zone.", MENU),
        Permission(areas.INVENTORY.name, areas.READ, "To read stock by location.", MENU, is_optional=True),
        Permission(
            areas.LOCATIONS.name, areas.READ, "To know the location that you sell from.", MENU, is_optional=True
        ),
        Permission(
            areas.PRODUCTS_WRITE.name,
            areas.MODIFY,
            "Only to sell partners' products in this store: to list them and keep prices right.",
            MENU,
            is_optional=True,
        ),
        Permission(
            areas.INVENTORY_WRITE.name,
            areas.MODIFY,
            "Only to sell partners' products in this store: to keep their stock right.",
            MENU,
            is_optional=True,
        ),
    )
    setting_fields = (
        SettingField(
            "import_status",
            "Import orders in the status",
            "Paid orders wait here by default.",
            default="11",
            role="sells",
            is_first_only=True,
        ),
        SettingField(
            "shipped_status",
            "Status when everything is shipped",
            "We set it with the last parcel. Stores that finish orders themselves use Shipped.",
            default="2",
            role="sells",
            states=(RemoteOrderState.SHIPPED,),
        ),
        SettingField(
            "stock_locations",
            "Stock of the locations",
            "Empty: the location that the storefront sells from.",
            role="supplies",
        ),
        SettingField(
            "category",
            "Category of partners' products",
            "The number of the category in your store that they go into. Leave it empty for none.",
            role="sells",
        ),
    )
    guide = (
        GuideStep("Open the BigCommerce control panel and log in as the store's owner.", link=_LOGIN),
        GuideStep("Go to Settings, scroll down to API, and open Store-level API accounts."),
        GuideStep(
            "Choose Create API account, type V2/V3 API token, and give it the name Tradelane.",
            tip="Permissions cannot be changed afterwards: a new account must be made instead.",
        ),
        GuideStep(
            "Set Orders to modify; Order Transactions, Products and Information & Settings to read-only;"
            " Store Inventory and Store Locations to read-only.",
            tip="To sell partners' products in this store, set Products and Store Inventory to modify.",
        ),
        GuideStep(
            "Save. A window shows the client ID, the client secret and the access token.",
            tip="BigCommerce shows them this once. Keep the window open until the store is connected here.",
        ),
        GuideStep("Copy the whole text of that window, or drop the downloaded file, into the box below."),
    )

    @classmethod
    def clean_address(cls, typed: str) -> AddressCheck:
        return address.clean(typed)

    @classmethod
    def clean_credential(cls, name: str, typed: str) -> AddressCheck:
        """The store hash out of what people type for it: an API path, the permanent address, or the hash itself."""
        return address.clean_hash(typed) if name == cls.address_field else AddressCheck(cleaned=typed)

    @classmethod
    def parse_paste(cls, text: str) -> dict[str, str]:
        return address.parse_paste(text)

    def setting_choices(self, name: str) -> Sequence[tuple[str, str]]:
        if name == "import_status":
            return [(status.remote_id, status.label) for status in self.order_statuses()]
        if name == "stock_locations":
            return self.locations()
        return ()
