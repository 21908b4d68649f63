"""The bare client of rehearsals: what it answers is what the port promises, as far as a rehearsal asks for it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx2
import pytest

from xbot_pipelines.clock import SystemClock
from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.operate.rehearsal.bare_client import BareClient
from xbot_pipelines.x.client import Missing, Posted
from xbot_pipelines_tests.conftest import NOON
from xbot_pipelines_tests.practice_site import Practice

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def client(practice: Practice) -> Iterator[BareClient]:
    """One that is logged in, at noon of a Monday."""
    practice.ask("POST", "clock", {"now": NOON.isoformat(), "running": False})
    with httpx2.Client(base_url=practice.url, trust_env=False, follow_redirects=True) as http:
        for cookie in practice.storage_state()["cookies"]:
            http.cookies.set(cookie["name"], cookie["value"], domain=cookie["domain"])
        yield BareClient(http, handle=practice.handle, clock=SystemClock())


def written(practice: Practice, newest: datetime, count: int, **more: str) -> list[str]:
    """Posts of ours, one a minute, the oldest first; answers their ids."""
    return practice.put(
        *(
            {
                "author": practice.handle,
                "text": f"Number {number} {json.dumps(more)}",
                "created_at": (newest - number * MINUTE).isoformat(),
                **more,
            }
            for number in reversed(range(count))
        )
    )


def test_our_own_posts_and_replies_are_read_back_over_several_pages_to_a_moment(
    client: BareClient, practice: Practice
) -> None:
    [old] = written(practice, NOON - 2 * DAY, 1)
    posts = written(practice, NOON, 45)
    replies = written(practice, NOON, 3, in_reply_to=old)
    read = [post.id for post in client.own_posts(NOON - DAY)]
    assert sorted(read) == sorted([*posts, *replies])


def test_what_it_has_published_it_finds_again(client: BareClient) -> None:
    result = client.publish("Walked to work.", reply_to=None, before_click=lambda: None)
    assert isinstance(result, Posted)
    assert [post.text for post in client.own_posts(NOON - DAY)] == ["Walked to work."]
    assert client.post(result.post_id).text == "Walked to work."


def test_posts_are_looked_up_by_their_ids_or_said_to_be_gone(client: BareClient, practice: Practice) -> None:
    here, gone = written(practice, NOON, 2)
    practice.ask("DELETE", f"posts/{gone}")
    first, second = client.posts([here, gone])
    assert isinstance(first, PostSnapshot)
    assert first.id == here
    assert isinstance(second, Missing)
    assert second.post_id == gone
