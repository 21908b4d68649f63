"""A dry run goes as far as the click: what would be sent is shown once, and nothing reaches X or the tables."""

from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Row, text

from xbot_pipelines.models import Target
from xbot_pipelines.store import account
from xbot_pipelines.store.claiming import Blocked
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.shown import Due
from xbot_pipelines.systems import dry_run
from xbot_pipelines.systems.dry_run import Shown
from xbot_pipelines.systems.posting import DRY_RUN
from xbot_pipelines.x.client import Prepared
from xbot_pipelines.x.walls import LayoutChanged
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.systems.conftest import HASTY, TurnInAnOpenBrowser
from xbot_pipelines_tests.systems.door import TEXT, Door

SHARES_ITS_BROWSER = True
pytestmark = pytest.mark.browser


def show(door: Door) -> Shown | Blocked:
    """What a run of posting does in a dry run."""
    due = dry_run.next_to_show(door.database, door.settings.profile, now=door.clock.now())
    if isinstance(due, Blocked):
        return due
    return dry_run.show(door.database, due, door.turn.client, clock=door.clock, by=door.by)


def attempts(door: Door) -> int:
    """How many tries to publish the tables know of."""
    return int(door.row("SELECT count(*) AS count FROM posting_attempts")["count"])


def test_what_is_due_is_written_into_the_editor_and_shown_once_and_stays_as_it_is(
    door: Door, practice: Practice
) -> None:
    decision_id = door.queue()
    assert show(door) == Shown(
        due=Due(decision_id=decision_id, text=TEXT, target=None), prepared=Prepared(way="the editor on X's page")
    )
    assert practice.truth()["posts"] == []
    assert (door.status(decision_id), attempts(door)) == ("queued", 0)
    assert show(door) == Blocked(DRY_RUN)
    [event] = [row for row in events(door.database) if row.reason == "shown in a dry run"]
    assert (event.from_status, event.to_status, event.run_id) == ("queued", "queued", "run-1")


def test_every_decision_is_shown_and_the_editor_is_empty_for_the_next(door: Door, practice: Practice) -> None:
    for words in ("One of two.", "The other one."):
        door.queue(words)
    told = [show(door) for _ in range(3)]
    texts = [one.due.text for one in told if isinstance(one, Shown) and one.prepared]
    assert sorted(texts) == ["One of two.", "The other one."]
    assert told[2] == Blocked(DRY_RUN)
    assert practice.truth()["posts"] == []


def test_once_the_dry_run_is_over_what_was_shown_is_published(door: Door, practice: Practice) -> None:
    door.queue()
    show(door)
    door.publish_and_record()
    assert [post["text"] for post in practice.truth()["posts"]] == [TEXT]


@pytest.mark.parametrize(("read", "is_sent"), [("What helps you sleep?", True), ("What wakes you up?", False)])
def test_f23_what_a_reply_answers_is_looked_at_as_before_a_real_one(
    door: Door, practice: Practice, read: str, *, is_sent: bool
) -> None:
    ann, *_ = people(practice)
    [post] = practice.put({"author": ann, "text": "What helps you sleep?"})
    decision_id = door.queue("A dark room.", Target(post_id=post, author_handle=ann, text=read))
    told = show(door)
    assert isinstance(told, Shown)
    assert (told.prepared is not None) == is_sent
    assert told.refusal == (None if is_sent else f"post {post}, which it answers, says something else by now")
    assert (door.status(decision_id), attempts(door)) == ("queued", 0)
    assert show(door) == Blocked(DRY_RUN)


def test_a_text_that_the_editor_does_not_take_is_told_by_a_wall_and_not_tried_again(
    door: Door, practice: Practice, open_chromium: Browser
) -> None:
    door.queue()
    with TurnInAnOpenBrowser(door.settings, door.database, door.clock, open_chromium, patience=HASTY) as door.turn:
        door.turn.client()
        practice.fault(operation="*", kind="layout_changed", probability=1)
        with pytest.raises(LayoutChanged):
            show(door)
        assert show(door) == Blocked(DRY_RUN)


def test_f17_a_paused_account_shows_nothing(door: Door) -> None:
    door.queue()
    account.pause(door.database, reason="on holiday", now=door.clock.now(), by=door.by)
    told = show(door)
    assert isinstance(told, Blocked)
    assert "on holiday" in told.reason


def events(database: AccountDatabase) -> list[Row[Any]]:
    """What has happened to decisions."""
    with database.transaction() as connection:
        return list(connection.execute(text("SELECT * FROM decision_events ORDER BY id")))
