"""Discovery: who is worth knowing, and which of their posts are worth a reply.

    mentions   who answers us or names us, and who asks to be left alone
    search     what is said about each of our subjects now
    people     what those say whom we know, and whom they talk with
    judging    what is left of it, read by the model in one question; scored, and the best kept

Every post that was seen is an opportunity, or was turned away for one reason that is counted (F22). What a rule says
lies in `content.opportunities`; having posts read, in `judging`; writing a reply, in `replying`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from xbot_pipelines.content.opportunities import MENTIONS_HOLD_FOR, Against, Known, against
from xbot_pipelines.models import Opportunity, PostSnapshot, Result
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import opportunities, people
from xbot_pipelines.store.quotas import day_began
from xbot_pipelines.systems.judging import Seen, judge
from xbot_pipelines.systems.opting_out import heed_wishes
from xbot_pipelines.systems.reading import LEFT_TO_OTHERS
from xbot_pipelines.systems.standstill import Standstill
from xbot_pipelines.systems.writing import BudgetSpent, Desk
from xbot_pipelines.x.client import Pages, PostPage, XClient
from xbot_pipelines.x.queries import MOST_HANDLES, about, by_any
from xbot_pipelines.x.shapes import UnreadableRow
from xbot_pipelines.x.walls import Gone

MOST_PAGES = 2
"""How far down one search is read at one turn: some forty posts."""

PEOPLE_A_TURN = 2 * MOST_HANDLES
"""How many of those whom we know are looked at in one turn: two searches."""

PROFILES_A_TURN = 2
"""How many pages of people are opened in one turn, for facts that no post brought along."""


@dataclass(frozen=True, kw_only=True)
class DiscoverySummary:
    """What one turn came to: `seen` posts are `found`, or `turned_away` for one reason each.

    `new_people` were not known before; `opted_out` asked to be left alone in what was read; `unread` says what was not
    looked at because X granted no more, `unreadable` which rows of X's answers could not be read, and `refused` what
    the database did not take.
    """

    result: Result
    reason: str | None = None
    seen: int = 0
    found: Sequence[Opportunity] = ()
    turned_away: Mapping[str, int] = field(default_factory=dict)
    new_people: int = 0
    opted_out: Sequence[str] = ()
    unread: Sequence[str] = ()
    refused: Sequence[str] = ()
    unreadable: Sequence[UnreadableRow] = ()

    @property
    def sentence(self) -> str:
        """The line of the log: how many were found, and what each filter turned away."""
        counts = ", ".join(f"{count} {reason}" for reason, count in self.turned_away.items())
        return f"Found {len(self.found)} opportunities in {self.seen} posts ({counts or 'nothing was turned away'})"


def discover(desk: Desk, ours: Callable[[], XClient], others: Callable[[], XClient]) -> DiscoverySummary:
    """Looks around once, and keeps the people and the opportunities that it finds.

    Args:
        desk: where the account writes.
        ours: opens the way to X for what was said to us.
        others: opens it for what people say to others, on which less may be spent.

    Raises:
        Wall: a page could not be read. What was judged before is kept.
        WritingFailed: the model could not be asked to judge.
    """
    try:
        desk.check_budget()
        opportunities.expire(desk.database, now=desk.clock.now())
        look = _Look(desk)
        look.at_mentions(ours())
        # Opened before it is asked whether it may be used: an account that may not act at all ends here.
        client = others()
        look.at_subjects(client)
        look.at_people(client)
        look.at_profiles(client)
        return _summed_up(desk, look)
    except BudgetSpent as spent:
        return DiscoverySummary(result=Result.BLOCKED, reason=str(spent))


def sort_out(
    seen: Iterable[Seen], known: Known, profile: AccountSettings, *, now: datetime
) -> tuple[Sequence[Seen], Counter[str]]:
    """Tells what is to be read by the model from what was turned away before, and counts the reasons."""
    left, reasons = [], Counter[str]()
    for one in seen:
        reason = against(one.post, known, profile, addresses_us=one.addresses_us, now=now)
        if reason is None:
            left.append(one)
        else:
            reasons[reason] += 1
    return left, reasons


class _Look:
    """One look around: collects posts by their ids, each where it was come upon first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._since = desk.clock.now() - desk.profile.replies.fresh_for
        self.seen: dict[str, Seen] = {}
        self.promoted = 0
        self.new_people = 0
        self.opted_out: list[str] = []
        self.unread: list[str] = []
        self.refused: list[str] = []
        self.unreadable: list[UnreadableRow] = []
        self._may_search = True
        self.stopped: str | None = None

    def at_mentions(self, client: XClient) -> None:
        """Reads who answers us or names us, and heeds who asks to be left alone."""
        since = self._desk.clock.now() - MENTIONS_HOLD_FOR
        posts, _ = self._read(client.mentions(), since=since, each=self._heed)
        self._take(posts, "addressed us", addresses_us=True)

    def at_subjects(self, client: XClient) -> None:
        """Searches for each subject of the account."""
        profile = self._desk.profile
        for subject in profile.subjects:
            if self._may_search:
                self._take(self._search(client, about(subject, language=profile.language)), f"search for {subject}")
            if not self._may_search:
                self.unread.append(subject)

    def at_people(self, client: XClient) -> None:
        """Reads what those say whom we know, and learns whom they talk with."""
        database, now = self._desk.database, self._desk.clock.now()
        self.new_people += people.add_answerers(database, now=now)
        handles = people.worth_a_look(database, limit=PEOPLE_A_TURN)
        for first in range(0, len(handles), MOST_HANDLES):
            some = handles[first : first + MOST_HANDLES]
            if not self._may_search:
                self.unread.append(f"{len(some)} people")
                continue
            posts = self._search(client, by_any(some))
            people.looked_at(database, some, now=now)
            self._take(posts, "somebody we know")
            answered = {post.in_reply_to_handle for post in posts if post.in_reply_to_handle}
            ours = self._desk.profile.handle.lower()
            partners = [handle for handle in answered if handle.lower() != ours]
            new, refused = people.add_handles(database, partners, source="talks with somebody we know", now=now)
            self.new_people += new
            self.refused += map(str, refused)

    def at_profiles(self, client: XClient) -> None:
        """Opens the pages of some people of whom nothing but the handle is known, or nothing recent."""
        database, now = self._desk.database, self._desk.clock.now()
        for handle in people.owed_facts(database, now=now, limit=PROFILES_A_TURN):
            try:
                profile = client.profile(handle)
            except Standstill as standstill:
                self._stop_at(standstill)
                return
            except Gone:
                people.gone(database, handle, now=now)
            else:
                refused = people.refresh(database, profile, source="their page", now=now)
                self.refused += map(str, refused)

    def _search(self, client: XClient, query: str) -> Sequence[PostSnapshot]:
        try:
            posts, self._may_search = self._read(client.search(query), since=self._since)
        except Standstill as standstill:
            # What was said to us was read, and is worth an answer even where nothing is left for the others.
            self._stop_at(standstill)
            return ()
        return posts

    def _stop_at(self, standstill: Standstill) -> None:
        self._may_search = False
        self.stopped = str(standstill)

    def _heed(self, page: PostPage) -> None:
        """Heeds who asks in a page of mentions to be left alone: before the next page, which may not come."""
        self.opted_out += heed_wishes(
            self._desk.database, page.posts, page.unreadable, now=self._desk.clock.now(), by=self._desk.by
        )

    def _read(
        self, pages: Pages, *, since: datetime, each: Callable[[PostPage], None] = lambda _: None
    ) -> tuple[Sequence[PostSnapshot], bool]:
        """Reads a stream of posts as far back as they are of use, and says whether X grants us more of the kind."""
        posts: list[PostSnapshot] = []
        more = True
        with closing(pages):
            for number, page in enumerate(pages, start=1):
                each(page)
                posts += page.posts
                self.promoted += page.promoted
                self.unreadable += page.unreadable
                more = page.requests_left is None or page.requests_left > LEFT_TO_OTHERS
                if not more or number == MOST_PAGES or any(post.created_at < since for post in page.posts):
                    break
        return posts, more

    def _take(self, posts: Iterable[PostSnapshot], source: str, *, addresses_us: bool = False) -> None:
        for post in posts:
            self.seen.setdefault(post.id, Seen(post, source, addresses_us))


def _summed_up(desk: Desk, look: _Look) -> DiscoverySummary:
    now = desk.clock.now()
    left, reasons = sort_out(look.seen.values(), _known(desk, look.seen.values(), now), desk.profile, now=now)
    kept, read_reasons = judge(desk, left)
    found = kept.opportunities
    turned_away = Counter({Against.PROMOTED.value: look.promoted}) + reasons + read_reasons
    in_order = {reason.value: turned_away[reason] for reason in Against if turned_away[reason]}
    nothing = "no post of those that were seen is worth an answer" if not found else None
    why = look.stopped or "X granted no more requests"
    limited = f"{why}: {', '.join(look.unread)} not looked at" if look.unread else None
    return DiscoverySummary(
        result=Result.DONE if found else Result.NOTHING_TO_DO,
        reason="; ".join(filter(None, (nothing, limited))) or None,
        seen=len(look.seen) + look.promoted,
        found=found,
        turned_away=in_order,
        new_people=look.new_people + kept.new_authors,
        opted_out=look.opted_out,
        unread=look.unread,
        refused=[*look.refused, *map(str, kept.refused)],
        unreadable=look.unreadable,
    )


def _known(desk: Desk, seen: Iterable[Seen], now: datetime) -> Known:
    ids = [one.post.id for one in seen]
    today = day_began(now, desk.profile.timezone)
    return Known(
        posts=frozenset(opportunities.verdicts(desk.database, ids)),
        answered_posts=opportunities.answered_posts(desk.database, ids),
        answered_authors=opportunities.answered_authors(desk.database, since=today),
        left_alone=people.left_alone(desk.database),
    )
