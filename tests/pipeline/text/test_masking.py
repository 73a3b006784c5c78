"""Masking: each UK form of personal data is put as a sign, and the rest of a text stays as it is."""

import pytest

from pipeline.text.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ring 07700 900123 tonight", "Ring [phone] tonight"),
        ("or +44 7700 900123.", "or [phone]."),
        ("write to pat@home.example please", "write to [email] please"),
        ("NI number QQ123456C", "[National Insurance number]"),
        ("NI number AB 12 34 56 C", "[National Insurance number]"),
        ("NHS 943 476 5919", "NHS [NHS number]"),
        ("NHS 943 476 5918", "NHS 943 476 5918"),
        ("She lives at 14 Mill Lane, EL1 2AB", "She lives at [house number] Mill Lane, [postcode]"),
        ("sort code 12-34-56 account 12345678", "sort code [bank]"),
        ("born 3 March 1961", "[date of birth]"),
        ("drives AB12 CDE", "drives [registration]"),
        ("07700 900123 and 07700 900124", "[phone] and [phone]"),
        ("Nothing here, 4 potholes on the 12th", "Nothing here, 4 potholes on the 12th"),
        ("", ""),
    ],
)
def test_forms_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_masking_twice_changes_nothing() -> None:
    once = masked("Ring 07700 900123, 14 Mill Lane, EL1 2AB, AB 12 34 56 C")
    assert masked(once) == once


def test_the_sign_is_the_callers() -> None:
    assert masked("Ring 07700 900123 tonight", "") == "Ring  tonight"
