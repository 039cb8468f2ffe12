"""Parcels, in the supplier's store, here and in the retailer's."""

from __future__ import annotations

from channels.causes import Owner
from channels.reconcile.differences.kind import Choice, Kind, note

SHIPMENTS = (
    Kind(
        "parcel_not_told",
        "Not told to the store",
        "The parcel is recorded here, and the store was not told or refused it.",
        Owner.STAFF,
        ours=Choice(
            "tell_parcel",
            "Tell the store",
            "The store is asked whether it has the parcel; if not, it is told within a minute.",
        ),
        theirs=note("Leave it", "The store is not told of this parcel."),
        is_lapse=True,
    ),
    Kind(
        "parcel_not_there",
        "Missing in the store",
        "The store was told of it and does not show it any more: it was deleted or overwritten there.",
        Owner.INTEGRATION,
        ours=Choice(
            "tell_parcel",
            "Tell it again",
            "The store is asked whether it has the parcel; if not, it is told again within a minute.",
        ),
        theirs=note("Leave it", "The store is not told again."),
    ),
    Kind(
        "parcel_only_there",
        "Only in the store",
        "The store shows a tracking number for partners' goods that did not come from us.",
        Owner.INTEGRATION,
        theirs=note("Leave it", "Nothing changes here; tell your partner if they should know."),
    ),
    Kind(
        "parcel_not_here",
        "Only in the store",
        "The supplier's store sent it and we did not hear of it, or could not record it.",
        Owner.INTEGRATION,
        ours=note("Leave it out", "The parcel is not recorded here."),
        theirs=Choice("fetch_order", "Take it in", "The order is read from the store again, with its parcels."),
        is_lapse=True,
    ),
    Kind(
        "parcel_gone_there",
        "Deleted in the store",
        "It was deleted in the supplier's store after we recorded it. The customer may have its number already.",
        Owner.SUPPLIER,
        ours=note("Keep ours", "The parcel stays recorded here."),
        theirs=note("Accept the store's", "A parcel that was told is never taken back here: tell your partner."),
    ),
    Kind(
        "parcel_number",
        "Another tracking number",
        "The number was corrected in the supplier's store, and we did not hear of it.",
        Owner.INTEGRATION,
        ours=note("Keep ours", "Our number stays."),
        theirs=Choice(
            "fetch_order", "Take the store's", "The order is read from the store again; its number is told on."
        ),
    ),
)
