"""What X's API charges a text and a reading as, and how money is written."""

import re
from decimal import Decimal

import pytest

from xbot_pipelines.x.api.prices import AS_OF, PRICES, SOURCE, Priced, dollars, kind_of_post
from xbot_pipelines_tests.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "is_reply", "kind"),
    [
        ("Sleep first.", False, Priced.POST),
        ("Sleep first.", True, Priced.REPLY),
        ("Sleep first: https://example.org/sleep", False, Priced.POST_WITH_LINK),
        ("Sleep first: https://example.org/sleep", True, Priced.POST_WITH_LINK),
        ("Read it on example.org today.", False, Priced.POST_WITH_LINK),
        ("It is in notes.txt, e.g.this, @ada and #sleep.", False, Priced.POST),
    ],
)
def test_a_post_is_charged_by_whether_x_sees_a_link_in_it(text: str, is_reply: bool, kind: Priced) -> None:
    assert kind_of_post(text, is_reply=is_reply) == kind


def test_everything_that_is_charged_has_a_price_and_a_link_makes_a_post_thirteen_times_as_dear() -> None:
    assert set(PRICES) == set(Priced)
    assert all(price > 0 for price in PRICES.values())
    assert round(PRICES[Priced.POST_WITH_LINK] / PRICES[Priced.POST]) == 13


def test_the_page_about_costs_has_the_same_prices_of_the_same_day() -> None:
    page = (ROOT / "docs" / "costs.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| ([0-9.]+) \|", page, re.MULTILINE))
    assert {Priced(what): Decimal(usd) for what, usd in told.items()} == PRICES
    assert f"({SOURCE}) of {AS_OF}" in page


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        ("10", "$10.00"),
        ("3.21", "$3.21"),
        ("0.015", "$0.015"),
        ("0.200", "$0.20"),
        ("0", "$0.00"),
        ("1234.5", "$1234.50"),
    ],
)
def test_money_is_written_with_two_decimals_and_a_third_where_it_has_one(usd: str, words: str) -> None:
    assert dollars(Decimal(usd)) == words
