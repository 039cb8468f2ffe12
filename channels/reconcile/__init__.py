"""Reconciliation: both sides of an integration compared like a bank statement, nightly and by hand.

``run`` reads the store once and hands its pages to the books (``orders``, ``bought``, ``stock``, ``prices``, ``shipments``), which compare them with ours in
sets. What waits in the outbox, or changed after the reading began, is on the way and no difference. ``differences`` is the table of what can differ, ``choose``
applies "ours" or "theirs", ``statement`` writes opening, in, out and closing.
"""
