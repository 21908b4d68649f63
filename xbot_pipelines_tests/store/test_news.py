"""News in the tables: once each, offered while fresh, used once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from xbot_pipelines.models import NewsItem
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.news import NewsTaken, add_news, mark_used, unused_news
from xbot_pipelines_tests.store.rows import NOON

HOUR = timedelta(hours=1)


def news(title: str, *, link: str | None = None, published_at: datetime | None = None) -> NewsItem:
    url = link or f"https://example.org/{title.replace(' ', '-')}"
    return NewsItem(url=url, title=title, source="example.org", summary="Said so.", published_at=published_at)


def offered(database: AccountDatabase, now: datetime = NOON) -> list[str]:
    return [item.title for item in unused_news(database, now=now, limit=10)]


def test_what_is_new_is_kept_and_offered_as_it_was(database: AccountDatabase) -> None:
    item = news("Naps help memory", published_at=NOON - HOUR)
    added = add_news(database, [item], now=NOON)
    assert (added.new, added.known) == (1, 0)
    assert list(unused_news(database, now=NOON, limit=10)) == [item]


def test_the_same_link_is_the_same_news_for_ever(database: AccountDatabase) -> None:
    add_news(database, [news("Naps help", link="https://example.org/a")], now=NOON)
    again = news("A wholly new headline", link="HTTPS://EXAMPLE.org/a?utm_source=x#top")
    added = add_news(database, [again], now=NOON + timedelta(days=30))
    assert (added.new, added.known) == (0, 1)


def test_the_same_link_over_https_with_www_or_tracked_is_the_same_news_and_is_kept_as_it_was(
    database: AccountDatabase,
) -> None:
    add_news(database, [news("Naps help", link="http://www.example.org/a/")], now=NOON)
    again = [
        news(f"Headline {number} of another kind", link=link)
        for number, link in enumerate(
            ["https://www.example.org/a/", "https://example.org/a/?fbclid=x", "http://example.org/a/"]
        )
    ]
    assert add_news(database, again, now=NOON).new == 0
    assert [item.url for item in unused_news(database, now=NOON, limit=10)] == ["http://www.example.org/a/"]


def test_items_that_share_a_link_are_several_where_their_source_names_them_apart(database: AccountDatabase) -> None:
    link = "https://example.org/releases"
    several = [replace(news(f"Version {number} is out", link=link), guid=f"v{number}") for number in (1, 2)]
    assert add_news(database, several, now=NOON).new == 2
    later = NOON + timedelta(hours=1)
    assert add_news(database, [replace(one, title=f"{one.title}: read why") for one in several], now=later).new == 0
    elsewhere = replace(news("Something else", link=link), source="other.example", guid="v3")
    unnamed = news("Yet something else", link=link)
    assert add_news(database, [elsewhere, unnamed], now=later).new == 0
    with database.transaction() as connection:
        mark_used(connection, database.account, link, "v1", now=later)
    assert offered(database) == ["Version 2 is out"]


def test_nearly_the_same_title_is_the_same_news_for_three_days(database: AccountDatabase) -> None:
    add_news(database, [news("Short walks lower blood sugar, study finds")], now=NOON)
    again = news("Study finds: short walks lower blood sugar", link="https://other.example/1")
    assert add_news(database, [again], now=NOON + timedelta(days=2)).new == 0
    assert add_news(database, [again], now=NOON + timedelta(days=4)).new == 1


def test_the_same_news_twice_in_one_offer_is_kept_once(database: AccountDatabase) -> None:
    twice = [news("Naps help memory"), news("Naps help memory", link="https://other.example/"), news("Walk more")]
    added = add_news(database, twice, now=NOON)
    assert (added.new, added.known) == (2, 1)


def test_two_runs_at_once_keep_the_same_news_once(database: AccountDatabase) -> None:
    together = Barrier(4)

    def add(number: int) -> int:
        together.wait()
        return add_news(database, [news("Naps help memory", link=f"https://{number}.example/")], now=NOON).new

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(add, range(4))) == 1


def test_fresh_news_comes_first_and_old_news_not_at_all(database: AccountDatabase) -> None:
    items = [
        news("Published long ago", published_at=NOON - timedelta(days=4)),
        news("Published yesterday", published_at=NOON - timedelta(days=1)),
        news("Without a date"),
        news("Published this morning", published_at=NOON - HOUR),
    ]
    add_news(database, items, now=NOON)
    assert offered(database) == ["Without a date", "Published this morning", "Published yesterday"]
    assert offered(database, NOON + timedelta(days=2, hours=12)) == ["Without a date", "Published this morning"]
    assert offered(database, NOON + timedelta(days=3)) == []
    assert [item.title for item in unused_news(database, now=NOON, limit=1)] == ["Without a date"]


def test_a_moment_that_has_not_come_yet_is_not_believed(database: AccountDatabase) -> None:
    add_news(database, [news("From the future", published_at=NOON + timedelta(days=900))], now=NOON)
    [item] = unused_news(database, now=NOON, limit=10)
    assert item.published_at is None
    assert offered(database, NOON + timedelta(days=3)) == []


def test_news_is_used_once(database: AccountDatabase) -> None:
    add_news(database, [news("Naps help memory")], now=NOON)
    [item] = unused_news(database, now=NOON, limit=10)
    with database.transaction() as connection:
        mark_used(connection, database.account, item.url, now=NOON)
    assert offered(database) == []
    with pytest.raises(NewsTaken, match="no unused news at"), database.transaction() as connection:
        mark_used(connection, database.account, item.url, now=NOON)


def test_news_of_a_decision_that_was_not_written_is_not_used(database: AccountDatabase) -> None:
    add_news(database, [news("Naps help memory")], now=NOON)
    [item] = unused_news(database, now=NOON, limit=10)

    def write_half_a_decision() -> None:
        with database.transaction() as connection:
            mark_used(connection, database.account, item.url, now=NOON)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_half_a_decision()
    assert offered(database) == ["Naps help memory"]


def test_two_decisions_at_once_do_not_use_the_same_news(database: AccountDatabase) -> None:
    add_news(database, [news("Naps help memory")], now=NOON)
    [item] = unused_news(database, now=NOON, limit=10)
    together = Barrier(4)

    def use(_: int) -> bool:
        together.wait()
        try:
            with database.transaction() as connection:
                mark_used(connection, database.account, item.url, now=NOON)
        except NewsTaken:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(4))) == 1


def test_accounts_do_not_share_their_news(database: AccountDatabase, other: AccountDatabase) -> None:
    add_news(database, [news("Naps help memory")], now=NOON)
    assert offered(other) == []
    assert add_news(other, [news("Naps help memory")], now=NOON).new == 1
