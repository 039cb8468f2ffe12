"""Which numbers are GTINs."""

from __future__ import annotations

import pytest

from portal.lib.gtin import check_digit, is_gtin


@pytest.mark.parametrize("code", ["96385074", "036000291452", "4006381333931", "9783161484100", "10614141000415"])
def test_the_usual_numbers_of_each_length_are_gtins(code):
    assert is_gtin(code)
    assert check_digit(code[:-1]) == code[-1]


@pytest.mark.parametrize(
    "code",
    ["", "123", "4006381333932", "406381333931", "4006381333931 ", "400638133393X", "４００６３８１３３３９３１", "00"],
)
def test_a_number_of_another_length_with_another_last_digit_or_with_letters_is_none(code):
    assert not is_gtin(code)
