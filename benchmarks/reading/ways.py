"""The three ways to read our posts, and what one turn of each took. What the figures must be lies in `summary`."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.reading.site import History
from xbot_pipelines.clock import SystemClock
from xbot_pipelines.models import PostSnapshot
from xbot_pipelines.private_files import write_private
from xbot_pipelines.x.browser import BrowserClient
from xbot_pipelines.x.graphql import is_last_page, parse_cursor, parse_posts
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.session import Patience, open_browser, open_session
from xbot_pipelines_tests.practice_site import Practice, Visitor

_TIMELINES = ("UserOriginalsTimeline", "UserRepliesTimeline")
_NOWHERE = "about:blank"


class Way(StrEnum):
    """How posts are read."""

    TIMELINES = "our timelines"
    ONE_BY_ONE = "one page a post"
    BARE_HTTP = "bare HTTP, no browser"


class ReadWrongly(Exception):
    """A way left out a post, or read other counters than the site has: its figures would mean nothing."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One turn of a way: how many posts it read in how many seconds, and what it asked of the site for them."""

    way: Way
    posts: int
    seconds: float
    requests: Mapping[str, int]
    page_loads: int


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Who reads: a browser that is open and logged in, and sessions for those who need none.

    A page of its own takes as long for the hundredth post as for the first: a turn of that way reads `one_by_one` of
    the posts, evenly drawn from all.
    """

    practice: Practice
    client: BrowserClient
    history: History
    one_by_one: int

    def take_turn(self, way: Way) -> Turn:
        """Reads in one way, with the site's limits forgiven, as a quarter of an hour would.

        Raises:
            ReadWrongly: what was read is not what the site has.
        """
        self.practice.ask("DELETE", "limits")
        wanted, read = self._prepared(way)
        before = self.practice.ask("GET", "requests")
        began = time.perf_counter()
        seen = read()
        seconds = time.perf_counter() - began
        # What the page has still asked for when its turn ended belongs to that turn.
        self.client.page.goto(_NOWHERE)
        after = self.practice.ask("GET", "requests")
        self._compare(way, wanted, seen)
        return Turn(
            way=way,
            posts=len(wanted),
            seconds=seconds,
            requests=_added(before["by_operation"], after["by_operation"]),
            page_loads=sum(_added(before["by_page"], after["by_page"]).values()),
        )

    def _prepared(self, way: Way) -> tuple[Sequence[str], Callable[[], Sequence[PostSnapshot]]]:
        """Answers the posts that a turn is to read, and what reads them."""
        everything = list(self.history.counters)
        match way:
            case Way.TIMELINES:
                return everything, lambda: self.client.own_posts(self.history.since)
            case Way.ONE_BY_ONE:
                some = everything[:: len(everything) // self.one_by_one][: self.one_by_one]
                return some, lambda: [self.client.post(post_id) for post_id in some]
            case Way.BARE_HTTP:
                session = self.practice.storage_state()
                return everything, lambda: _read_timelines(self.practice.returning(session))

    def _compare(self, way: Way, wanted: Sequence[str], seen: Sequence[PostSnapshot]) -> None:
        """What X does not show of a post, such as the views of one that nobody has seen, may be unknown."""
        by_id = {post.id: post for post in seen}
        for post_id in wanted:
            if post_id not in by_id:
                raise ReadWrongly(f"{way}: post {post_id} was not read")
            for name, true in self.history.counters[post_id].items():
                if (read := getattr(by_id[post_id], name)) not in {None, true}:
                    raise ReadWrongly(f"{way}: post {post_id} has {true} {name}, and {read} were read")


@contextmanager
def open_readers(practice: Practice, history: History, *, one_by_one: int) -> Iterator[Readers]:
    """Opens the browser and logs in: from here on its seconds count."""
    patience = Patience()
    with tempfile.TemporaryDirectory() as folder, open_browser(None, home=Path(folder)) as browser:
        file = SessionFile(path=Path(folder) / "session.json", x="practice")
        write_private(file.path, json.dumps(practice.storage_state()))
        session = open_session(browser, x_url=practice.url, handle=practice.handle, file=file, patience=patience)
        with session as page:
            client = BrowserClient(
                page=page, x_url=practice.url, handle=practice.handle, clock=SystemClock(), patience=patience
            )
            yield Readers(practice=practice, client=client, history=history, one_by_one=one_by_one)


def _read_timelines(visitor: Visitor) -> list[PostSnapshot]:
    """Asks both timelines page by page to their ends, with nothing but the session's cookies."""
    posts: list[PostSnapshot] = []
    for operation in _TIMELINES:
        cursor, at_end = None, False
        while not at_end:
            body = visitor.call(operation, userId=visitor.id, **({"cursor": cursor} if cursor else {}))
            posts += parse_posts(body)
            cursor, at_end = parse_cursor(body), is_last_page(body)
    return posts


def _added(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}
