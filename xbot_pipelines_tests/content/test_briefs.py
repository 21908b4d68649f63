"""What is written about: subjects that rested, and news that names one of them."""

from xbot_pipelines.content.briefs import choose_news, rested
from xbot_pipelines.models import NewsItem


def news(title: str, summary: str | None = None) -> NewsItem:
    return NewsItem(url=f"https://example.org/{title}", title=title, source="example.org", summary=summary)


def test_a_subject_rests_after_it_was_written_about() -> None:
    assert rested(["sleep", "walking", "stress", "focus"], ["focus", "sleep", "walking"]) == ["walking", "stress"]
    assert rested(["sleep", "walking", "stress"], ["stress"]) == ["sleep", "walking"]


def test_where_every_subject_would_rest_none_does() -> None:
    assert rested(["sleep"], ["sleep", "sleep"]) == ["sleep"]


def test_the_first_news_that_names_a_subject_as_a_word_is_taken() -> None:
    oversleeping, about_walks, about_sleep = (
        news("Why oversleeping is a myth"),
        news("City opens a park", "It is made for walking."),
        news("Sleep and memory"),
    )
    subjects = ["sleep", "walking", "screen time"]
    assert choose_news([oversleeping, about_walks, about_sleep], subjects) == ("walking", about_walks)
    assert choose_news([about_sleep, about_walks], subjects) == ("sleep", about_sleep)
    assert choose_news([oversleeping], subjects) is None
    assert choose_news([news("Less screen time for teens")], subjects) == (
        "screen time",
        news("Less screen time for teens"),
    )
