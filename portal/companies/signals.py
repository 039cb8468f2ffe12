"""What this app announces. Each is sent inside the transaction that causes it, so that receivers can write rows in it.

``company_created``       sender Company; ``company``, ``owner`` (User or None)
``company_changed``       sender Company; ``company``, ``fields`` (names of what changed)
``partnership_accepted``  sender Partnership; ``partnership``: from now on it shares what its price list says
``partnership_changed``   sender Partnership; ``partnership``, ``before`` (the state it had): paused, resumed, ended, or its terms changed
"""

from __future__ import annotations

from django.dispatch import Signal

company_created = Signal()
company_changed = Signal()
partnership_accepted = Signal()
partnership_changed = Signal()
