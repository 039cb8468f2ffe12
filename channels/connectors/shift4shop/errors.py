"""What the vendor's refusals mean (vendor reference, sections 2.1, 4.4 and 6.2); everything else is left to the shared table."""

from __future__ import annotations

from collections.abc import Mapping

from channels.connectors.shift4shop.answers import Entry, entries_in_text
from channels.errors import (
    AlreadyThere,
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    NotFound,
    Rejected,
    Unavailable,
)

# A part of the vendor's message, in lower case → the value at fault as we name it.
_FIELDS = {
    "billingpaymentmethodid": "payment_method",
    "customerid": "customer",
    "catalogid": "product",
    "lastname": "ship_to",
    "zipcode": "ship_to",
    "email": "email",
    "orderstatusid": "status",
    "sku": "sku",
}
PAYMENT_METHOD_UNKNOWN = (
    "The store does not know the payment method that is chosen for orders of your partners."
    " Choose another one in the integration's settings; the orders wait until then."
)


def explain(status: int, headers: Mapping[str, str], text: str) -> ChannelError | None:
    """The error that an answer without success stands for; None leaves it to the table that all channels share."""
    if status == 403:
        return _forbidden(text)
    if status == 501:
        return Misconfigured("The store's API does not offer this call.", status=status, detail=text[:500])
    entries = entries_in_text(text) if 400 <= status < 500 and status not in {401, 404, 429} else ()
    bad = next((entry for entry in entries if not entry.is_good), None)
    return refusal(bad, status=status) if bad else None


def _forbidden(text: str) -> ChannelError:
    words = text.lower()
    if "invalid api credentials" in words:
        return NeedsReauthorisation(
            "The store took our access away. Reauthorise the integration.", status=403, detail=text[:500]
        )
    if "not active" in words or "suspended" in words:
        return Unavailable("Shift4Shop says that the store is not active at the moment.", status=403, detail=text[:500])
    return Misconfigured("The store did not allow this call.", status=403, detail=text[:500])


def refusal(entry: Entry, *, status: int = 0) -> ChannelError:
    """The error that one entry of a write stands for."""
    message = entry.message.strip() or "no reason given"
    words = message.lower()
    status = status or entry.status
    if entry.status == 404 or words == "not found":
        return NotFound("The store does not have this record any more.", status=status, detail=message)
    if "already exists" in words:
        return AlreadyThere(
            f"The store has this already: {message}.", field=_field_in(words), status=status, detail=message
        )
    if "billingpaymentmethodid" in words:
        return Misconfigured(
            PAYMENT_METHOD_UNKNOWN, area="Orders", code="setting_missing", status=status, detail=message
        )
    if "change status not allowed" in words:
        return Rejected(
            "The store does not allow this change of the order's status, because the order was cancelled or closed there."
            " Look at the order in the store.",
            field="status",
            status=status,
            detail=message,
        )
    return Rejected(
        f"The store refused this: {message.rstrip('.')}.", field=_field_in(words), status=status, detail=message
    )


def _field_in(words: str) -> str:
    return next((name for part, name in _FIELDS.items() if part in words), "")
