"""Causes of connections: keys, settings, what the store answers, webhooks that we send."""

from __future__ import annotations

from channels.causes.cause import Cause, Fix, Owner

CONNECTION: tuple[Cause, ...] = (
    Cause(
        "credentials_rejected",
        "The store stopped accepting our key",
        Owner.INTEGRATION,
        "Reauthorise the integration; what waits then goes out by itself.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "permission_missing",
        "A permission is missing",
        Owner.INTEGRATION,
        "Grant it in the store, then check again.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "key_expires",
        "A key ends soon",
        Owner.INTEGRATION,
        "Make a new key in the store and reauthorise before the day; nothing stops until then.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "another_store",
        "The key belongs to another store",
        Owner.INTEGRATION,
        "Use a key of the connected store.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "wrong_address",
        "The store’s address leads somewhere else",
        Owner.INTEGRATION,
        "Check the address.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "setting_missing",
        "A setting is missing",
        Owner.INTEGRATION,
        "Choose it in the integration’s settings.",
        Fix.SETTINGS,
    ),
    Cause(
        "status_gone",
        "An order status is not in the store any more",
        Owner.INTEGRATION,
        "Choose another status under Mapping; orders then go on by themselves.",
        Fix.MAPPING,
    ),
    Cause(
        "status_unknown",
        "An order is in a status that the store’s list does not have",
        Owner.INTEGRATION,
        "Choose under Mapping what it means, or give the order another status in the store.",
        Fix.MAPPING,
    ),
    Cause(
        "store_connected_already",
        "The store is connected already",
        Owner.INTEGRATION,
        "Remove the other connection first.",
        Fix.CONNECTIONS,
    ),
    Cause("store_unavailable", "The store is not available", Owner.NOBODY, "Nothing to do: we try again by ourselves."),
    Cause(
        "store_unreachable", "The store cannot be reached", Owner.NOBODY, "Nothing to do: we try again by ourselves."
    ),
    Cause("rate_limited", "The store asks us to slow down", Owner.NOBODY, "Nothing to do: we go on when it lets us."),
    Cause(
        "no_clear_answer",
        "The store gave no clear answer",
        Owner.NOBODY,
        "Nothing to do: we look whether it is there before anything is sent again.",
    ),
    Cause(
        "no_products",
        "No products arrived within 20 minutes",
        Owner.STAFF,
        "We look at it. Check meanwhile that the store has active products.",
        Fix.RETRY,
    ),
    Cause(
        "mass_change",
        "An unusual share of the catalogue would vanish",
        Owner.INTEGRATION,
        "Look at the store. If the products are really gone, let us hide them.",
        Fix.CONFIRM,
    ),
    Cause(
        "channel_error",
        "The store answered with an error",
        Owner.STAFF,
        "We look into it; nothing is lost.",
        Fix.RETRY,
    ),
    Cause(
        "unexpected_answer",
        "The store answered in a way we do not know",
        Owner.STAFF,
        "We look into it; nothing is lost.",
        Fix.RETRY,
    ),
    Cause(
        "webhook_failing",
        "A webhook of yours does not take events",
        Owner.INTEGRATION,
        "Mend the program that receives it, then let us send again what it did not take.",
        Fix.WEBHOOK,
    ),
    Cause(
        "our_mistake",
        "Something went wrong on our side",
        Owner.STAFF,
        "We look into it; nothing is lost.",
        Fix.RETRY,
    ),
)
