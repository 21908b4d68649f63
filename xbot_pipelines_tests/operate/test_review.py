"""`xbot review` and `xbot optout`: what a person is shown, what their answers do, and what reaches their terminal."""

import json
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console
from sqlalchemy import update

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import DecisionStatus, NewsItem
from xbot_pipelines.operate import review
from xbot_pipelines.operate.editor import edit_with
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.review_report import as_json, as_lines
from xbot_pipelines.operate.review_screen import QUESTION, ReviewScreen
from xbot_pipelines.settings import Caps, Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.decisions import add_decision
from xbot_pipelines.store.news import add_news
from xbot_pipelines.store.people import has_opted_out
from xbot_pipelines.store.schema import content_metadata, discovered_accounts
from xbot_pipelines.store.waiting import waiting, waiting_draft
from xbot_pipelines_tests.store.given import BY, profile, single
from xbot_pipelines_tests.store.looking import events_of, everything, row_of, status_of
from xbot_pipelines_tests.store.reviewing import FOUND, HOUR, MINUTE, drafted, found
from xbot_pipelines_tests.store.rows import NOON

HOSTILE = "Hi \x1b[2J\x1b]0;pwned\x07 \u202edlog\u202c \x9b31m [red]free[/red] :warning:\x7f\r\noverwritten\rline"
GOOD = "Dimming the lights an hour earlier is what I would try."


class Person:
    """Somebody who answers one question after the other, and whose input ends after the last answer."""

    def __init__(self, *answers: str, edits: Sequence[str] = ()) -> None:
        self._answers = iter(answers)
        self._edits = iter(edits)
        self.asked: list[str] = []

    def ask(self, question: str) -> str:
        self.asked.append(question)
        try:
            return next(self._answers)
        except StopIteration:
            raise EOFError from None

    def edit(self, text: str) -> str:
        del text
        return next(self._edits)


BROWSER = Settings(profile=profile(), x_url="https://x.example")
PAYS = BROWSER.model_copy(update={"profile": profile().model_copy(update={"transport": "api"})})
"""An account that goes to X by its API."""


def sees(database: AccountDatabase, clock: ManualClock, person: Person, account: Settings = BROWSER) -> str:
    """What the person is shown on a screen until the review ends."""
    shown = StringIO()
    ReviewScreen(
        database,
        account,
        clock=clock,
        console=Console(file=shown, width=120, highlight=False),
        ask=person.ask,
        edit=person.edit,
    ).run()
    return shown.getvalue()


def texts_of(database: AccountDatabase) -> dict[UUID, str]:
    """What would be sent, of every decision."""
    with database.transaction() as connection:
        return {row.decision_id: row.text for row in connection.execute(content_metadata.select())}


def test_a_person_sees_the_post_its_author_the_draft_the_score_and_until_when(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = drafted(database, found(1, addressed_us=True, views=1234))
    clock.advance(10 * MINUTE)

    shown = sees(database, clock, Person("q"))

    for words in (
        f"{str(decision_id)[:8]}, reply, expires in 50 min (13:00 UTC)",
        "Ada · @ada · 120 followers · has addressed us",
        "bio: walks a lot",
        "posted 40 min ago · 1,234 views · 3 likes · 0 replies · https://x.example/ada/status/1900000000000000001",
        "│ Who else sleeps badly?",
        "our reply: 22 of 280",
        "│ A dark room helped me.",
        "score 1.75 = fresh 1.25 + worth 0.50",
        "subject: sleep",
        "0.80 of 1",
        "it waits because: a stranger",
        "1 waits for you",
    ):
        assert words in shown, shown


def test_approve_reject_and_skip_each_do_what_they_say(database: AccountDatabase, clock: ManualClock) -> None:
    replies = [drafted(database, found(number, expires_at=clock.now() + number * HOUR)) for number in (1, 2, 3)]

    shown = sees(database, clock, Person("a", "reject", "too cold", "?", "", "s"))

    assert [status_of(database, one) for one in replies] == ["queued", "rejected", "needs_review"]
    assert events_of(database, replies[1])[-1][-1] == "too cold"
    assert {events_of(database, one)[-1][3] for one in replies[:2]} == {review.this_person().actor}
    assert shown.endswith("1 approved, 1 rejected, 1 waits for you\n")


@pytest.mark.parametrize("answers", [("r", ""), ("r", " "), ("o", "y"), ("o", ""), ("A!",), ("",), ("r",), ("o",)])
def test_who_does_not_finish_an_answer_changes_nothing(
    database: AccountDatabase, clock: ManualClock, answers: Sequence[str]
) -> None:
    drafted(database)
    before = everything(database)

    assert "1 waits for you" in sees(database, clock, Person(*answers))

    assert everything(database) == before


def test_an_edited_text_is_shown_and_sent_only_once_it_is_approved(
    database: AccountDatabase, clock: ManualClock
) -> None:
    sent, skipped = drafted(database, found(1)), drafted(database, found(2, expires_at=clock.now() + 2 * HOUR))

    shown = sees(database, clock, Person("e", "a", "e", "s", edits=[GOOD, "Another one."]))

    assert "our reply as edited: 55 of 280" in shown
    assert texts_of(database) == {sent: GOOD, skipped: "A dark room helped me."}
    assert events_of(database, sent)[-1][-1] == "edited from: A dark room helped me."
    assert status_of(database, skipped) == DecisionStatus.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("edited", "objection"),
    [
        ("Read https://pills.example", "it holds something like a link"),
        ("Ask @bob", "it mentions @bob"),
        ("Take 500 mg of it.", "medical instruction"),
        ("x" * 281, "281 characters long as X counts, 280 are allowed"),
        ("", "it is empty"),
        ("Walking after lunch is what helped me most!", "like an earlier post"),
        ("Try \x1b[2J a walk.", r"it holds control characters (\x1b)"),
    ],
)
def test_an_edited_text_passes_the_gates_or_is_refused_with_what_speaks_against_it(
    database: AccountDatabase, clock: ManualClock, edited: str, objection: str
) -> None:
    drafted(database, found(2), text="Walking after lunch is what helped me most.", status=DecisionStatus.QUEUED)
    decision_id = drafted(database)

    shown = sees(database, clock, Person("e", "a", edits=[edited]))

    assert "the new text cannot be sent: " in shown
    assert objection in shown
    # What is approved afterwards is the text of before.
    assert texts_of(database)[decision_id] == "A dark room helped me."
    assert events_of(database, decision_id)[-1][-1] is None


def test_an_edited_text_may_name_the_author_and_be_like_the_draft(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = drafted(database)

    sees(database, clock, Person("e", "a", edits=["@Ada a dark room helped me!"]))

    assert texts_of(database)[decision_id] == "@Ada a dark room helped me!"


def test_an_editor_that_fails_leaves_the_text_as_it_is(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = drafted(database)
    person = Person("e", "a")
    person.edit = lambda text: edit_with("false", text)  # type: ignore[method-assign]

    assert "the editor 'false' failed" in sees(database, clock, person)
    assert texts_of(database)[decision_id] == "A dark room helped me."


def test_f23_who_opts_the_author_out_never_meets_them_again(database: AccountDatabase, clock: ManualClock) -> None:
    replies = [
        drafted(database, found(1)),
        drafted(database, found(2)),
        drafted(database, found(3), status=DecisionStatus.QUEUED),
    ]
    # What expires first is shown first.
    later = FOUND.expires_at + HOUR
    somebody_else = drafted(database, found(4, handle="bob", author_id="8", expires_at=later))

    person = Person("o", "yes", "s")
    shown = sees(database, clock, person)

    assert "@ada is left alone from now on" in shown
    assert [status_of(database, one) for one in replies] == ["rejected"] * 3
    assert {events_of(database, one)[-1][-1] for one in replies} == {"@ada asked to be left alone"}
    assert status_of(database, somebody_else) == DecisionStatus.NEEDS_REVIEW
    assert person.asked[1].startswith("never answer @ada again?")
    with database.transaction() as connection:
        assert has_opted_out(connection, database.account, handle="another_handle", user_id="7")


def test_f18_what_expires_while_a_person_thinks_is_told_and_the_next_is_shown(
    database: AccountDatabase, clock: ManualClock
) -> None:
    too_late = drafted(database, found(1, expires_at=clock.now() + MINUTE))
    in_time = drafted(database, found(2))
    person = Person("a", "a")
    ask = person.ask

    def thinks(question: str) -> str:
        clock.advance(timedelta(minutes=2))
        return ask(question)

    person.ask = thinks  # type: ignore[method-assign]
    shown = sees(database, clock, person)

    assert f"reply {too_late} could be sent until 2026-03-02 12:01 UTC: it is too late now" in shown
    assert [status_of(database, one) for one in (too_late, in_time)] == ["needs_review", "queued"]


def test_what_somebody_else_has_decided_meanwhile_is_told_and_the_next_is_shown(
    database: AccountDatabase, clock: ManualClock
) -> None:
    theirs = drafted(database, found(1))
    ours = drafted(database, found(2, expires_at=clock.now() + 2 * HOUR))
    person = Person("a", "a")
    ask = person.ask

    def is_overtaken(question: str) -> str:
        if status_of(database, theirs) == DecisionStatus.NEEDS_REVIEW:
            review.reject(database, waiting_draft(database, theirs), reason="mine \x1b[2J", clock=clock)
        return ask(question)

    person.ask = is_overtaken  # type: ignore[method-assign]
    shown = sees(database, clock, person)

    assert (
        rf"reply {theirs} is rejected since 2026-03-02 12:00 UTC, by {review.this_person().actor}: mine \x1b[2J"
        in shown
    )
    assert [status_of(database, one) for one in (theirs, ours)] == ["rejected", "queued"]
    assert shown.endswith("1 approved, nothing waits for you\n")


def test_what_comes_while_a_person_reviews_is_shown_too(database: AccountDatabase, clock: ManualClock) -> None:
    first = drafted(database)
    person = Person("s", "a")
    ask = person.ask

    def is_joined(question: str) -> str:
        if not person.asked:
            drafted(database, found(2))
        return ask(question)

    person.ask = is_joined  # type: ignore[method-assign]
    assert sees(database, clock, person).endswith("1 approved, 1 waits for you\n")
    assert status_of(database, first) == DecisionStatus.NEEDS_REVIEW


def test_nothing_of_what_others_wrote_reaches_the_terminal_unseen(
    database: AccountDatabase, clock: ManualClock
) -> None:
    author = replace(FOUND.author, name=HOSTILE, bio=HOSTILE)
    drafted(
        database,
        replace(FOUND, author=author, text=HOSTILE, subject=HOSTILE, score_parts={HOSTILE: 1.75}),
        text=HOSTILE,
    )
    with database.transaction() as connection:
        connection.execute(update(content_metadata).values(status_reason=HOSTILE))
    now = clock.now()
    [reply] = waiting(database, now=now)

    shown = sees(database, clock, Person("q")) + as_lines([reply], PAYS, now=now) + as_json([reply], PAYS, now=now)

    assert not set(shown) & set("\x1b\x07\x9b\r\u202e\u202c\x7f")
    assert shown.count(r"\x1b[2J") >= 8
    assert "[red]free[/red] :warning:" in shown
    assert json.loads(as_json([reply], PAYS, now=now))[0]["target"]["text"] == HOSTILE
    # What has more than one line stands in a frame: no line of it can pass for one of ours.
    assert not re.search(r"^\s*overwritten", shown, re.MULTILINE)


def test_programs_read_all_of_it_and_null_where_nothing_is_known(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = drafted(database)
    clock.advance(10 * MINUTE)

    [told] = json.loads(as_json(waiting(database, now=clock.now()), PAYS, now=clock.now()))

    assert told == {
        "id": str(decision_id),
        "kind": "reply",
        "text": "A dark room helped me.",
        "weighted_length": 22,
        "quality": 0.8,
        "reason": "a stranger",
        "link_warning": None,
        "by_hand": "https://x.example/intent/post?in_reply_to=1900000000000000001&text=A%20dark%20room%20helped%20me.",
        "written_at": "2026-03-02T12:00:00+00:00",
        "scheduled_at": "2026-03-02T12:00:00+00:00",
        "expires_at": "2026-03-02T13:00:00+00:00",
        "expires_in_seconds": 3000.0,
        "target": {
            "id": FOUND.post_id,
            "text": "Who else sleeps badly?",
            "author": {"handle": "ada", "followers": 120, "id": "7", "name": "Ada", "bio": "walks a lot"},
            "posted_at": "2026-03-02T11:30:00+00:00",
            "age_seconds": 2400.0,
            **dict.fromkeys(("views", "reposts", "quotes", "bookmarks")),
            "likes": 3,
            "replies": 0,
        },
        "news": None,
        "addressed_us": False,
        "subject": "sleep",
        "score": 1.75,
        "score_parts": {"worth": 0.5, "fresh": 1.25},
    }


def test_a_reply_with_a_link_tells_who_pays_for_it_what_that_costs(
    database: AccountDatabase, clock: ManualClock
) -> None:
    drafted(database, found(1, addressed_us=True), text="I wrote about it on example.org.")
    now, dear = clock.now(), "X's API charges $0.20 for it, 20 times the $0.01"
    replies = waiting(database, now=now)

    assert dear in sees(database, clock, Person("q"), PAYS)
    assert dear in as_lines(replies, PAYS, now=now)
    assert dear in json.loads(as_json(replies, PAYS, now=now))[0]["link_warning"]
    assert "charges" not in sees(database, clock, Person("q")) + as_lines(replies, BROWSER, now=now)


def test_a_reply_that_the_api_does_not_take_is_sent_by_hand_and_cannot_be_approved(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = drafted(database, found(1, addressed_us=False), text="I & mine wrote about it on example.org.")
    now = clock.now()
    address = (
        "https://x.example/intent/post?in_reply_to=1900000000000000001"
        "&text=I%20%26%20mine%20wrote%20about%20it%20on%20example.org."
    )
    replies = waiting(database, now=now)
    shown = sees(database, clock, Person("a", "q"), PAYS).replace("\n", "")
    assert address in shown
    assert "send it there; it is found by itself then" in shown
    assert "charges" not in shown
    assert address in as_lines(replies, PAYS, now=now)
    assert json.loads(as_json(replies, PAYS, now=now))[0]["by_hand"] == address
    assert [reply.decision_id for reply in waiting(database, now=now)] == [decision_id]
    assert "by hand" not in sees(database, clock, Person("q"))


def test_a_link_that_a_person_takes_out_of_a_reply_is_warned_of_no_more(
    database: AccountDatabase, clock: ManualClock
) -> None:
    drafted(database, found(1, addressed_us=True), text="I wrote about it on example.org.")
    shown = sees(database, clock, Person("e", "q", edits=[GOOD]), PAYS)
    before, edited = shown.split("our reply as edited")
    assert "charges" in before
    assert "charges" not in edited


def test_an_id_may_be_shortened_as_long_as_it_means_one_reply(database: AccountDatabase) -> None:
    replies = [drafted(database, found(number)) for number in range(1, 18)]
    first = str(replies[0])

    for typed in (first, first[:8], f" {first.upper()[:13]} ", replies[0].hex):
        assert review.the_one_meant(database, typed).decision_id == replies[0]
    # Of seventeen ids, two begin with the same of sixteen digits.
    [shared, *_] = [digit for digit in "0123456789abcdef" if sum(str(one)[0] == digit for one in replies) > 1]
    with pytest.raises(CannotRun, match=f"'{shared}' is the beginning of several ids.*: {shared}.*, {shared}"):
        review.the_one_meant(database, shared)
    with pytest.raises(CannotRun, match=r"no draft has an id that begins with"):
        review.the_one_meant(database, "0" * 32)


@pytest.mark.parametrize("typed", ["", "xyz", "\x1b[2J", "%", "0" * 33])
def test_what_is_no_id_is_refused(database: AccountDatabase, typed: str) -> None:
    with pytest.raises(CannotRun, match="is no id of a draft") as refused:
        review.the_one_meant(database, typed)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("handle", ["@Ada", "ada", " @ADA "])
def test_f23_an_opt_out_is_for_good_and_told_as_such(
    database: AccountDatabase, clock: ManualClock, handle: str
) -> None:
    reply = drafted(database)

    assert review.leave_alone(database, handle, clock=clock).startswith("@ada is left alone from now on")
    assert review.leave_alone(database, "ada", clock=clock).startswith("@ada was left alone already")

    row = row_of(database, discovered_accounts)
    assert (row["handle"], row["opted_out_at"]) == ("ada", clock.now())
    assert row["opted_out_words"] == f"told by {review.this_person().actor}"
    assert status_of(database, reply) == DecisionStatus.REJECTED


@pytest.mark.parametrize("handle", ["", "@", "@@ada", "ada lovelace", "https://x.example/ada", "a" * 16, "äda", "\x1b"])
def test_what_is_no_handle_is_refused(database: AccountDatabase, clock: ManualClock, handle: str) -> None:
    with pytest.raises(CannotRun, match="is no handle on X") as refused:
        review.leave_alone(database, handle, clock=clock)
    assert "\x1b" not in str(refused.value)
    assert not any(everything(database).values())


def test_the_person_is_named_as_the_machine_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert review.this_person().actor == "person:ada"
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    assert review.this_person().actor == "person"


@pytest.mark.parametrize(
    "options",
    [
        {"approve": "a", "reject": "b", "reason": None, "text": None, "shows": False},
        {"approve": "a", "reject": None, "reason": "why", "text": None, "shows": False},
        {"approve": None, "reject": "b", "reason": "why", "text": "x", "shows": False},
        {"approve": "a", "reject": None, "reason": None, "text": None, "shows": True},
    ],
)
def test_what_cannot_be_followed_together_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(CannotRun, match="--"):
        review.demand_one(**options)


def post_that_waits(database: AccountDatabase, at: datetime, *, text: str = "I sleep better now.") -> UUID:
    """A post made from news, which waits for a person."""
    add_news(database, [NEWS], now=NOON)
    draft = replace(single(text, topic="sleep"), news_url=NEWS.url, quality=0.7)
    return add_decision(
        database,
        draft,
        status=DecisionStatus.NEEDS_REVIEW,
        scheduled_at=at,
        expires_at=at + 6 * HOUR,
        now=NOON,
        by=BY,
        reason="it uses text from outside",
    )


NEWS = NewsItem(
    url="https://example.org/1", title=f"Sleep {HOSTILE}", source="example.org", summary="Memory.", published_at=NOON
)
IN_VIENNA = BROWSER.model_copy(update={"profile": profile(timezone="Europe/Vienna")})


def test_a_person_sees_a_post_its_slot_by_their_clock_and_the_news_it_was_made_from(
    database: AccountDatabase, clock: ManualClock
) -> None:
    decision_id = post_that_waits(database, clock.now() + HOUR)
    person = Person("o", "q")

    shown = sees(database, clock, person, IN_VIENNA)

    for words in (
        f"{str(decision_id)[:8]}, post, expires in 7.0 h (19:00 UTC)",
        "goes out at Mon 2026-03-02 14:00 Europe/Vienna",
        "made from news of example.org: https://example.org/1",
        r"│ Sleep Hi \x1b[2J",
        "our post: 19 of 280",
        "│ I sleep better now.",
        "subject: sleep",
        "its post: 0.70 of 1",
        "it waits because: it uses text from outside",
        "1 waits for you",
    ):
        assert words in shown, shown
    assert not set(shown) & set("\x1b\x07\x9b\r\u202e\u202c\x7f")
    # A post answers nobody, so nobody can be opted out.
    assert person.asked == [QUESTION] * 2


def test_posts_and_replies_are_decided_one_after_the_other(database: AccountDatabase, clock: ManualClock) -> None:
    answer = drafted(database)
    post = post_that_waits(database, clock.now() + HOUR)
    edited = "A dark room is all it took."

    shown = sees(database, clock, Person("a", "e", "a", edits=[edited]), IN_VIENNA)

    assert [status_of(database, one) for one in (answer, post)] == ["queued", "queued"]
    assert texts_of(database)[post] == edited
    assert events_of(database, post)[-1][-1] == "edited from: I sleep better now."
    assert "our post as edited: 27 of 280" in shown
    assert "approved as edited: it goes out at Mon 2026-03-02 14:00 Europe/Vienna" in shown
    assert shown.endswith("2 approved, nothing waits for you\n")


def test_a_post_whose_text_changes_while_a_person_thinks_is_shown_again(
    database: AccountDatabase, clock: ManualClock
) -> None:
    post = post_that_waits(database, clock.now() + HOUR)
    person = Person("a", "a")
    ask = person.ask

    def is_edited(question: str) -> str:
        if not person.asked:
            with database.transaction() as connection:
                connection.execute(update(content_metadata).values(text="Somebody else's words."))
        return ask(question)

    person.ask = is_edited  # type: ignore[method-assign]
    shown = sees(database, clock, person)

    assert "was changed since it was shown: look at it again" in shown
    assert "│ Somebody else's words." in shown
    assert status_of(database, post) == DecisionStatus.QUEUED


def test_lists_and_programs_are_told_of_posts_too(database: AccountDatabase, clock: ManualClock) -> None:
    decision_id = post_that_waits(database, clock.now() + HOUR)
    now = clock.advance(2 * HOUR)
    drafts = waiting(database, now=now)

    lines = as_lines(drafts, IN_VIENNA, now=now)
    [told] = json.loads(as_json(drafts, IN_VIENNA, now=now))

    assert "missed its slot at Mon 2026-03-02 14:00 Europe/Vienna, takes the next free one" in lines
    assert r"news: «Sleep Hi \x1b[2J" in lines
    assert "our post: «I sleep better now.»" in lines
    assert (told["id"], told["kind"], told["target"], told["by_hand"]) == (str(decision_id), "single", None, None)
    assert told["scheduled_at"] == "2026-03-02T13:00:00+00:00"
    assert told["news"]["url"] == NEWS.url
    assert as_lines([], IN_VIENNA, now=now) == "nothing waits for you"


def test_a_post_that_missed_its_slot_is_told_its_next_one(database: AccountDatabase, clock: ManualClock) -> None:
    post = post_that_waits(database, clock.now() - 10 * MINUTE)
    clock.advance(5 * MINUTE)
    draft = waiting_draft(database, post)
    account = IN_VIENNA.model_copy(update={"profile": profile(Caps(), "Europe/Vienna")})

    told = review.approve(database, account, draft, clock=clock)

    assert told == "approved: it goes out at Mon 2026-03-02 13:30 Europe/Vienna, the next free slot"


def test_a_post_is_rejected_with_a_reason(database: AccountDatabase, clock: ManualClock) -> None:
    post = post_that_waits(database, clock.now())
    draft = review.the_one_meant(database, str(post)[:8])
    with pytest.raises(CannotRun, match="a rejection needs a reason"):
        review.reject(database, draft, reason=None, clock=clock)
    assert review.reject(database, draft, reason="not ours", clock=clock) == "rejected: not ours"
    assert events_of(database, post)[-1][-1] == "not ours"
    with pytest.raises(CannotRun, match=f"post {post} is rejected since .*: not ours"):
        review.approve(database, IN_VIENNA, draft, clock=clock)
