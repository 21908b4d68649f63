"""Posting: the only door through which anything of ours gets onto X, and it opens once for each decision.

    settle    what earlier runs left open: found on our own timeline, proven absent, or looked at again next time;
              and replies that a person has sent by hand
    claim     the next due decision, within its quota; the attempt is written down before anything else happens
    publish   check, type, one click; posted, refused or unknown
    record    what became of it, in one transaction

Whoever calls these holds the account's lease from before `settle` until after `record`. A crash between any two
instructions leaves an open attempt, which the next `settle` finds. Nothing here is ever retried by the caller.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from xbot_pipelines.clock import Clock
from xbot_pipelines.models import Attempt, AttemptState, Evidence, PostSnapshot, Target
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import account, claiming, decisions, publishing
from xbot_pipelines.store.claiming import Blocked, NothingDue
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.people import has_opted_out
from xbot_pipelines.store.publishing import AuthorOptedOut
from xbot_pipelines.systems import by_hand
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.systems.walls import heed, is_ours_to_wait_out
from xbot_pipelines.x.client import TEXT_DIFFERS, Posted, PublishResult, Refused, Unknown, XClient
from xbot_pipelines.x.text import post_time, same_text
from xbot_pipelines.x.walls import Gone, Wall

SHOWN_WITHIN = timedelta(minutes=2)
"""How long X may take to show a post on its author's own timeline. Before that, not seen is not absent."""

CLOCKS_APART = timedelta(minutes=5)
"""How far our clock and X's may differ when an attempt is compared with a post's own time."""

DRY_RUN = "dry_run is on in the account's file: what is due is shown once, and nothing is published"

_REFUSALS_IN_A_ROW = 3
_NEARLY_THE_SAME = 90.0
_PAUSES_BETWEEN_TRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


@dataclass(frozen=True, kw_only=True)
class SettleSummary:
    """What became of the attempts that were open, and how many replies a person has sent meanwhile."""

    found: int = 0
    absent: int = 0
    still_unknown: int = 0
    expired: int = 0
    sent_by_hand: int = 0


def settle(
    database: AccountDatabase,
    profile: AccountSettings,
    client: Callable[[], XClient],
    *,
    clock: Clock,
    by: Provenance,
) -> SettleSummary:
    """Settles every open attempt, and sets aside what waited past its time.

    The caller holds the lease, so no attempt is still being worked on. `client` is only called when the timeline has
    to be read.

    Raises:
        Wall: our own timeline could not be read. Nothing is settled by guessing.
    """
    found = absent = unknown = 0
    submitted = []
    for attempt in publishing.open_attempts(database):
        if attempt.state == AttemptState.INTENDED:
            _record_absent(database, attempt, "the run ended before it was submitted", clock=clock, by=by)
            absent += 1
        else:
            submitted.append(attempt)
    awaited_since = by_hand.awaited_since(database, profile)
    sent_by_hand = 0
    if submitted or awaited_since is not None:
        moments = [attempt.first_began_at for attempt in submitted]
        since = min([*moments, *([awaited_since] if awaited_since else [])]) - CLOCKS_APART
        seen = client().own_posts(since)
        taken = set(publishing.known_post_ids(database, since=since))
        for attempt in submitted:
            post = matching_post(attempt, seen, taken=taken)
            if post is not None:
                taken.add(post.id)
                _record_found(database, profile, attempt, post, clock=clock, by=by)
                found += 1
            elif not was_shown_by_now(attempt, now=clock.now()):
                reason = "it is not on our timeline yet"
                publishing.record_unknown(database, attempt, reason=reason, now=clock.now(), by=by)
                unknown += 1
            elif (post := altered_post(attempt, seen, taken=taken)) is not None:
                taken.add(post.id)
                _record_found(database, profile, attempt, post, note=TEXT_DIFFERS, clock=clock, by=by)
                found += 1
            else:
                _record_absent(database, attempt, "it is not on our timeline", clock=clock, by=by)
                absent += 1
        strangers = [post for post in seen if post.id not in taken]
        sent_by_hand = by_hand.bind(database, profile, strangers, clock=clock, by=by)
    # Last: a reply that was sent by hand in its last minute has not waited in vain.
    expired = decisions.expire_overdue(database, now=clock.now(), by=by)
    return SettleSummary(found=found, absent=absent, still_unknown=unknown, expired=expired, sent_by_hand=sent_by_hand)


def claim(
    database: AccountDatabase, profile: AccountSettings, *, clock: Clock, by: Provenance
) -> Attempt | NothingDue | Blocked:
    """Takes the next due decision, if one may be published now. In a dry run none is: `dry_run` shows it instead."""
    if profile.publishing.dry_run:
        return Blocked(DRY_RUN)
    return claiming.claim_next(database, profile, now=clock.now(), by=by)


def publish(database: AccountDatabase, attempt: Attempt, browser: BrowserTurn, *, clock: Clock) -> PublishResult:
    """Publishes a claimed attempt, clicking at most once, and says what is known of it.

    A wall in front of the click is a refusal: there is no post.
    """
    target = attempt.target

    def submit() -> None:
        browser.assert_may_act()
        browser.lease().assert_held()
        publishing.mark_submitted(database, attempt, now=clock.now())

    try:
        client = browser.client()
        if target is not None:
            check_target(database, target, client.post(target.post_id))
        reply_to = target.post_id if target is not None else None
        result = client.publish(attempt.text, reply_to=reply_to, before_click=submit)
    except (Gone, NotToBeAnswered, AuthorOptedOut) as reason:
        return Refused(code=None, message=str(reason))
    except Wall as wall:
        return Refused(code=None, message=str(wall), wall=wall)
    if isinstance(result, Unknown) and result.wall is None:
        return _looked_up(database, attempt, client) or result
    return result


class NotToBeAnswered(Exception):
    """The post that a reply answers is not what it was when the reply was written; the message says why."""


def check_target(database: AccountDatabase, target: Target, shown: PostSnapshot) -> None:
    """Makes sure that a target is what it was, and that its author, perhaps under a new name, wants to hear of us.

    Raises:
        NotToBeAnswered: it says something else, is somebody else's, or may not be answered any more.
        AuthorOptedOut: its author asked to be left alone.
    """
    with database.transaction() as connection:
        if has_opted_out(connection, database.account, handle=target.author_handle, user_id=shown.author.id):
            raise AuthorOptedOut(f"@{target.author_handle} asked to be left alone")
    if shown.author.handle.lower() != target.author_handle.lower():
        raise NotToBeAnswered(f"post {target.post_id} is @{shown.author.handle}'s, not @{target.author_handle}'s")
    if not same_text(shown.visible_text, target.text):
        raise NotToBeAnswered(f"post {target.post_id}, which it answers, says something else by now")
    if shown.replies_allowed is False:
        raise NotToBeAnswered(f"the author of post {target.post_id} lets few answer it by now")


def record(
    database: AccountDatabase,
    profile: AccountSettings,
    attempt: Attempt,
    result: PublishResult,
    *,
    clock: Clock,
    by: Provenance,
) -> None:
    """Writes down what became of an attempt, and stops or delays the account where a wall demands it."""
    now = clock.now()
    match result:
        case Posted():
            _record_posted(
                database, profile, attempt, result, posted_at(result.post_id, attempt, now=now), now=now, by=by
            )
        case Refused(code=code, message=message, wall=None):
            publishing.record_refused(database, attempt, code=code, message=message, now=now, by=by)
            _stop_after_refusals(database, now=now)
        case Refused(message=message, wall=wall) if wall is not None:
            _record_absent(database, attempt, message, clock=clock, by=by, wall=wall)
            heed(database, profile, wall, clock=clock, by=by)
        case Unknown(reason=reason, wall=wall):
            publishing.record_unknown(database, attempt, reason=reason, now=now, by=by)
            if wall is not None:
                heed(database, profile, wall, clock=clock, by=by)


def matching_post(attempt: Attempt, seen: Iterable[PostSnapshot], *, taken: Collection[str]) -> PostSnapshot | None:
    """Return the post that an attempt has become: exactly its text, answering what it answers, not older than it.

    Args:
        attempt: what was tried.
        seen: our own posts, as our timeline shows them.
        taken: ids that are known to be other decisions' posts.
    """
    return next(
        (post for post in _candidates(attempt, seen, taken=taken) if same_text(post.visible_text, attempt.text)), None
    )


def altered_post(attempt: Attempt, seen: Iterable[PostSnapshot], *, taken: Collection[str]) -> PostSnapshot | None:
    """Return the post that an attempt has become where X has altered its text: nearly the same, from the same minutes.

    Asked before an attempt is called absent and sent again: that it is this post is far more likely than that somebody
    else wrote the same at the same time.
    """
    latest = (attempt.submitted_at or attempt.began_at) + CLOCKS_APART
    return next(
        (
            post
            for post in _candidates(attempt, seen, taken=taken)
            if post.created_at <= latest and fuzz.ratio(post.visible_text, attempt.text) >= _NEARLY_THE_SAME
        ),
        None,
    )


def _candidates(attempt: Attempt, seen: Iterable[PostSnapshot], *, taken: Collection[str]) -> Iterator[PostSnapshot]:
    answers = attempt.target.post_id if attempt.target else None
    earliest = attempt.first_began_at - CLOCKS_APART
    return (
        post for post in seen if post.id not in taken and post.in_reply_to_id == answers and post.created_at >= earliest
    )


def posted_at(post_id: str, attempt: Attempt, *, now: datetime) -> datetime:
    """Return when a post was made: the time in its id, or that of the submission where the id does not tell one.

    Ids of X tell it to the millisecond; servers that imitate its API may count from one.
    """
    told = post_time(post_id)
    if attempt.began_at - CLOCKS_APART <= told <= now + CLOCKS_APART:
        return told
    return attempt.submitted_at or now


def was_shown_by_now(attempt: Attempt, *, now: datetime) -> bool:
    """Return whether X had the time to show a post: one that is not on the whole timeline by then is nowhere else."""
    return now - (attempt.submitted_at or attempt.began_at) >= SHOWN_WITHIN


def retry_at(attempt: Attempt, wall: Wall | None = None, *, now: datetime) -> datetime | None:
    """When a decision whose attempt came to nothing is tried again; None when it was tried often enough.

    Where the whole account stood before a wall, the decision is not to blame: it waits with the account.
    """
    if wall is not None and is_ours_to_wait_out(wall):
        return now
    pauses = _PAUSES_BETWEEN_TRIES[attempt.number - 1 : attempt.number]
    return now + pauses[0] if pauses else None


def _looked_up(database: AccountDatabase, attempt: Attempt, client: XClient) -> Posted | None:
    since = attempt.first_began_at - CLOCKS_APART
    try:
        seen = client.own_posts(since)
    except Wall:
        return None
    post = matching_post(attempt, seen, taken=publishing.known_post_ids(database, since=since))
    return Posted(post_id=post.id, evidence=Evidence.TIMELINE) if post else None


def _stop_after_refusals(database: AccountDatabase, *, now: datetime) -> None:
    """Stop publishing where X refuses one post after another for the same cause: the next would be refused as well."""
    cause = publishing.refused_alike(database, times=_REFUSALS_IN_A_ROW)
    if cause is not None:
        account.stop_publishing(
            database,
            reason=f"{_REFUSALS_IN_A_ROW} in a row ended the same way ({cause}): put that right, then `xbot resume`",
            now=now,
        )


def _record_found(
    database: AccountDatabase,
    profile: AccountSettings,
    attempt: Attempt,
    post: PostSnapshot,
    *,
    clock: Clock,
    by: Provenance,
    note: str | None = None,
) -> None:
    result = Posted(post_id=post.id, evidence=Evidence.TIMELINE, note=note)
    _record_posted(database, profile, attempt, result, post.created_at, now=clock.now(), by=by)


def _record_posted(
    database: AccountDatabase,
    profile: AccountSettings,
    attempt: Attempt,
    result: Posted,
    posted_at: datetime,
    *,
    now: datetime,
    by: Provenance,
) -> None:
    publishing.record_posted(
        database,
        attempt,
        tweet_id=result.post_id,
        posted_at=posted_at,
        evidence=result.evidence,
        checkpoints_hours=profile.checkpoints_hours,
        now=now,
        by=by,
        note=result.note,
    )


def _record_absent(
    database: AccountDatabase,
    attempt: Attempt,
    reason: str,
    *,
    clock: Clock,
    by: Provenance,
    wall: Wall | None = None,
) -> None:
    now = clock.now()
    again = retry_at(attempt, wall, now=now)
    publishing.record_absent(database, attempt, reason=reason, retry_at=again, now=now, by=by)
