"""An address as people read it."""

from __future__ import annotations

from portal.lib.address import Address


def test_a_country_is_written_by_its_name():
    assert Address(city="Leeds", postcode="LS1 4AP", country="GB").lines() == ["Leeds LS1 4AP", "United Kingdom"]


def test_a_country_that_nobody_knows_stays_as_it_was_received():
    assert Address(city="Atlantis", country="QZ").lines()[-1] == "QZ"
