"""A post, a reply and a model that say what no table takes (U+0000, a lone surrogate) stop nobody."""

import json
import random
from datetime import timedelta

from sqlalchemy import text

from xbot_pipelines.content.writer import Writer
from xbot_pipelines.models import Result
from xbot_pipelines.store import opportunities
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.discovery import discover
from xbot_pipelines.systems.replying import draft_replies
from xbot_pipelines.systems.writing import Desk
from xbot_pipelines.x.graphql import parse_posts
from xbot_pipelines_tests.hostile import hostile_model
from xbot_pipelines_tests.practice_site import Practice, people
from xbot_pipelines_tests.x.invented import post, posts_by_id

BY_THE_API = True


def test_a_post_with_a_nul_is_found_stored_and_answered_with_all_the_others(
    desk: Desk, turn: BrowserTurn, practice: Practice
) -> None:
    ann, ben, *_ = people(practice)
    before = (desk.clock.now() - timedelta(minutes=20)).isoformat()
    practice.put(
        {"author": ann, "text": f"@{practice.handle} how dark is \x00 dark, for sleep?", "created_at": before},
        {"author": ben, "text": f"@{practice.handle} does a nap count as sleep?", "created_at": before},
    )
    summary = discover(desk, turn.client, turn.client)
    assert summary.result == Result.DONE
    assert summary.refused == []
    waiting = opportunities.open_opportunities(desk.database, now=desk.clock.now())
    assert {one.author.handle for one in waiting} >= {ann, ben}
    assert any("is \ufffd dark" in one.text for one in waiting)
    replies = draft_replies(desk, turn.client, random_source=random.Random(1))
    assert {reply.opportunity.author.handle for reply in replies.replies} & {ann, ben}


def test_what_a_model_writes_is_clean_whatever_it_writes(desk: Desk, turn: BrowserTurn, practice: Practice) -> None:
    ann, *_ = people(practice)
    practice.put({"author": ann, "text": f"@{practice.handle} what helps sleep?"})
    discover(desk, turn.client, turn.client)
    with hostile_model("A dark \x00 room \ud800 helps.") as model:
        writer = Writer(model="practice", api_key=desk.writer.api_key, base_url=model)
        draft_replies(
            Desk(database=desk.database, profile=desk.profile, writer=writer, clock=desk.clock, by=desk.by),
            turn.client,
            random_source=random.Random(1),
        )
    with desk.database.transaction() as connection:
        written = connection.scalars(text("SELECT text FROM content_metadata")).all()
    assert set(written) == {"A dark \ufffd room \ufffd helps."}


def test_a_post_of_a_page_with_a_lone_surrogate_is_read_at_its_length() -> None:
    payload = json.loads(json.dumps(posts_by_id(post("1", text="a \ud800 b \x00 c"))))
    [read] = parse_posts(payload)
    assert (read.text, read.visible_text) == ("a \ufffd b \ufffd c", "a \ufffd b \ufffd c")
