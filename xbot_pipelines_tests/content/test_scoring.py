"""How drafts are scored: better rated, newer and more substantial ones higher."""

import pytest

from xbot_pipelines.content.scoring import LEAST_SCORE, score_draft

GOOD = "A short walk after lunch is the easiest habit I know: ten minutes, no gear, and the afternoon feels lighter."


def total(text: str = GOOD, *, rating: float = 0.8, recent: tuple[str, ...] = ()) -> float:
    return score_draft(text, rating=rating, recent_texts=recent).total


def test_the_parts_sum_up_and_reach_from_nothing_to_one() -> None:
    assert total(rating=1) == 1
    assert score_draft("", rating=0, recent_texts=[""]).total < LEAST_SCORE


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (total(rating=0.9), total(rating=0.2)),
        (total(), total(recent=("Something else altogether, about soup.", GOOD.replace("lunch", "dinner")))),
        (total(), total("Walk more.")),
    ],
)
def test_each_part_counts(better: float, worse: float) -> None:
    assert better > worse


def test_a_draft_that_falls_short_is_told_why() -> None:
    poor = score_draft("Walk more.", rating=0.1, recent_texts=["Walk more!"])
    assert poor.objection is not None
    assert "it scores 0." in poor.objection
    assert "novelty" in poor.objection
    assert score_draft(GOOD, rating=0.8, recent_texts=[]).objection is None
