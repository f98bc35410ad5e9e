"""Of what an address or a form brings as a number: a key of any size, and nothing that Python or PostgreSQL refuses."""

import pytest

from partnership.whole_numbers import whole_number


@pytest.mark.parametrize(("words", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_figures_are_a_number(words, number):
    assert whole_number(words) == number


@pytest.mark.parametrize(
    "words", [None, "", " 1", "-1", "1.0", "1e3", "٣", "²", "0x10", "1_000", "9" * 19, "9" * 5_000]
)
def test_anything_else_is_none_or_what_is_to_stand_for_it(words):
    assert (whole_number(words), whole_number(words, otherwise=-1)) == (None, -1)
