"""What is written about: subjects that rested, and news that names one of them."""

import random

from xbot_pipelines.content.briefs import choose_brief, choose_news
from xbot_pipelines.models import NewsItem
from xbot_pipelines.settings import Settings


def news(title: str, summary: str | None = None) -> NewsItem:
    return NewsItem(url=f"https://example.org/{title}", title=title, source="example.org", summary=summary)


def test_a_subject_rests_after_it_was_written_about(settings: Settings) -> None:
    subjects = settings.profile.subjects
    resting = subjects[: len(subjects) // 2]
    for seed in range(50):
        brief = choose_brief(settings.profile, recent_subjects=resting, random_source=random.Random(seed))
        assert brief.subject not in resting


def test_every_kind_of_choice_is_made_apart(settings: Settings) -> None:
    briefs = [
        choose_brief(settings.profile, recent_subjects=[], random_source=random.Random(seed)) for seed in range(300)
    ]
    profile = settings.profile
    for name, choices in (("angle", profile.angles), ("tone", profile.tones), ("hook", profile.hooks)):
        assert {getattr(brief, name) for brief in briefs} == set(choices)
    assert len({(brief.tone, brief.format) for brief in briefs}) == len(profile.tones) * len(profile.formats)


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
