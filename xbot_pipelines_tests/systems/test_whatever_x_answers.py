"""Whatever X answers: an id in our tables is the id of a post, and each post has its id there (F02, F06)."""

import json
from uuid import UUID

import pytest
from playwright.sync_api import Browser
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.private_files import write_private
from xbot_pipelines.settings import AccountSettings, Settings
from xbot_pipelines.store import account
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines_tests.practice_site import Json, Practice
from xbot_pipelines_tests.systems.conftest import HASTY, TurnInAnOpenBrowser, move_both
from xbot_pipelines_tests.systems.door import Door

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

FAULTS: dict[str, Json] = {
    "the answer is lost": {"kind": "answer_lost"},
    "a fault of the server before": {"kind": "http_500_before"},
    "a fault of the server after": {"kind": "http_500_after"},
    "a connection that breaks": {"kind": "connection_reset"},
    "no post in the answer, though it was taken": {"kind": "empty_tweet_results", "accepted": True},
    "no post in the answer, and it was not taken": {"kind": "empty_tweet_results", "accepted": False},
    "a duplicate, says X": {"kind": "error_code", "code": 187},
    "too long, says X": {"kind": "error_code", "code": 186},
    "a code that nobody knows": {"kind": "error_code", "code": 29},
    "slower than our patience": {"kind": "slow", "seconds": 6},
    "too many requests": {"kind": "http_429"},
    "the daily limit": {"kind": "error_code", "code": 344},
    "taken for automated": {"kind": "error_code", "code": 226},
    "suspended": {"kind": "error_code", "code": 64},
    "the session has ended": {"kind": "logged_out"},
}


def generous(settings: Settings) -> AccountSettings:
    """The account's file, with caps that are never reached."""
    caps = {"posts_per_hour": 999, "posts_per_day": 999, "minimum_gap_minutes": 0}
    return settings.profile.model_copy(update={"caps": settings.profile.caps.model_copy(update=caps)})


def test_f02_f06_an_id_is_the_id_of_that_very_post_or_there_is_none(
    database: AccountDatabase,
    settings: Settings,
    open_chromium: Browser,
    practice: Practice,
    clock: ManualClock,
    by: Provenance,
) -> None:
    settings = settings.model_copy(update={"profile": generous(settings)})
    practice.fault(operation="*", kind="toast_never", count=999)
    texts: dict[UUID, str] = {}
    with TurnInAnOpenBrowser(settings, database, clock, open_chromium, patience=HASTY) as turn:
        door = Door(database, settings, turn, clock, by)
        for name, fault in FAULTS.items():
            texts[door.queue(name)] = name
            practice.fault(operation="CreateTweet", count=1, **fault)
            door.publish_and_record()
            assert recorded(database).items() <= known_to(practice).items(), name
            account.resume(database, now=clock.now())
            move_both(practice, clock, hours=24)
    taken = known_to(practice)
    assert {"the answer is lost", "slower than our patience"} < set(taken) < set(FAULTS)

    write_private(settings.session_file, json.dumps(practice.storage_state()))
    with TurnInAnOpenBrowser(settings, database, clock, open_chromium, patience=HASTY) as turn:
        Door(database, settings, turn, clock, by).settle()

    assert recorded(database) == taken == known_to(practice)


def known_to(practice: Practice) -> dict[str, str]:
    """Answers our posts as the site knows them: text and id."""
    return {post["text"]: post["id"] for post in practice.truth()["posts"]}


def recorded(database: AccountDatabase) -> dict[str, str]:
    """Answers every id of a post of ours that stands in any table, by its text."""
    with database.transaction() as connection:
        rows = connection.execute(
            text(
                "SELECT text, coalesce(post.tweet_id, attempt.tweet_id) AS id FROM content_metadata "
                "JOIN posting_attempts AS attempt USING (decision_id) "
                "LEFT JOIN posted_decisions AS post USING (decision_id) "
                "WHERE post.tweet_id IS NOT NULL OR attempt.tweet_id IS NOT NULL"
            )
        )
        return {row.text: row.id for row in rows}
