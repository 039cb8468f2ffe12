"""What people read while they connect a store: fields, permissions, the guide."""

from __future__ import annotations

from channels.contract import CredentialField, GuideStep, Permission, RemoteOrderState, SettingField

PORTAL = "https://devportal.3dcart.com"
SUPPORT = "https://support.3dcart.com"
_MENU = "Modules > REST API > Settings"

CREDENTIAL_FIELDS = (
    CredentialField(
        name="secure_url",
        label="Secure URL",
        help="Not the address your customers see. It usually ends in .3dcartstores.com or .3dcart.net."
        " Copy it in your store from Settings > General > Store Settings.",
        placeholder="yourstore.3dcartstores.com",
    ),
    CredentialField(
        name="token",
        label="Access token",
        help="Your store makes it when you authorise our app. We fill it in ourselves where we can; else paste the 32 letters and digits here.",
        placeholder="5a6b7c8d9e0f1a2b3c4d5e6f70819203",
        is_secret=True,
    ),
    CredentialField(
        name="private_key",
        label="Private key of your own app",
        help="Only if you made an app of your own in the developer portal. Leave it empty when you used our public key.",
        is_secret=True,
        is_required=False,
    ),
)

PERMISSIONS = (
    Permission("Orders", "read", "Bring your customers' orders to your suppliers, and see what you shipped.", _MENU),
    Permission("Orders", "write", "Create your partners' orders, write tracking numbers and set the status.", _MENU),
    Permission("OrderStatus", "read", "Show your own names of the order statuses.", _MENU),
    Permission("Products", "read", "Show your products, prices and stock to your partners.", _MENU),
    Permission("Customers", "read", "Find the one customer record that stands for a partner.", _MENU),
    Permission("Customers", "write", "Make that record. Your partners' customers are never entered.", _MENU),
    Permission("StoreSettings", "read", "Read your store's name, currency and time zone.", _MENU),
    Permission("Webhooks", "read and write", "Hear of new orders at once instead of hourly.", _MENU, is_optional=True),
    Permission(
        "Products", "write", "Put your suppliers' products, stock and prices into your store.", _MENU, is_optional=True
    ),
)

SETTING_FIELDS = (
    SettingField(
        name="import_status",
        label="Import orders with status",
        help="Orders are taken over once they have this status.",
        default="1",
        role="sells",
        is_first_only=True,
    ),
    SettingField(
        name="shipped_status",
        label="Status when everything is shipped",
        help="We set it with the last parcel.",
        default="4",
        role="sells",
        states=(RemoteOrderState.SHIPPED, RemoteOrderState.UNKNOWN),
    ),
    SettingField(
        name="partly_shipped_status",
        label="Status when a part is shipped",
        help="We set it with every parcel but the last.",
        default="3",
        role="sells",
        states=(RemoteOrderState.PARTLY_SHIPPED, RemoteOrderState.PROCESSING, RemoteOrderState.UNKNOWN),
    ),
    SettingField(
        name="payment_method",
        label="Payment method for partner orders",
        help="Shift4Shop wants one on every order. Choose an offline method of your store, usually “52 Purchase Order”."
        " We suggest those of your recent orders.",
        is_required=True,
        expected="Purchase Order",
        role="supplies",
    ),
    SettingField(
        name="category",
        label="Category for new products",
        help="The id of a category in your store. Without one new products can be found only by search.",
        role="sells",
    ),
    SettingField(
        name="update_texts",
        label="Keep names and descriptions up to date",
        help="Yes overwrites what you changed in your store whenever the supplier changes a product.",
        default="no",
        role="sells",
    ),
)

GUIDE = (
    GuideStep(
        "Open the developer portal in a new tab and log in with the e-mail and password that you registered there.",
        link=PORTAL,
        tip="Keep this page open. You can skip this step and the next when we show you our public key.",
    ),
    GuideStep("Choose Add new, type Tradelane as the application's name, choose Create app, then Save."),
    GuideStep(
        "Open your Shift4Shop (3dcart) login in another window and keep it open. Log in with store address, user name and password.",
    ),
    GuideStep("Go to Modules, search for “rest API”, open Settings and choose Add."),
    GuideStep(
        "Copy the public key from the developer portal into the store, choose Save, then Authorize.",
        tip="The key goes from the portal into the store; the store then makes a token, and the token comes to us.",
    ),
    GuideStep("The screen of REST API apps now shows a new entry."),
    GuideStep(
        "To prove the link, look in the developer portal under “Stores that are using this APP”: your store is there."
    ),
    GuideStep(
        "Come back here, enter your store's address and choose Proceed. We read the token and fill it in.",
        tip="If it does not appear, copy the token from the list of stores and paste it.",
    ),
)
