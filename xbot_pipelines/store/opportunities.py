"""Opportunities: posts of others that are worth a reply of ours, from being found to being answered or set aside.

What is worth one is decided in `content.opportunities`. Every post that was judged is kept, so that none is judged
twice. Once it has a reply, the reply's own way leads it on: see `decisions.change_status`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from xbot_pipelines.models import DecisionStatus, Draft, Opportunity, OpportunityStatus, ProfileSnapshot
from xbot_pipelines.store.bad_rows import RefusedRow, reason_of, write_each
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.decisions import insert_decision
from xbot_pipelines.store.people import Sighting, has_opted_out, meet
from xbot_pipelines.store.schema import COUNTERS, content_metadata, reply_opportunities

_POST = reply_opportunities.c
_CONTENT = content_metadata.c
_CAME_TO_NOTHING = (DecisionStatus.REJECTED, DecisionStatus.EXPIRED, DecisionStatus.REFUSED, DecisionStatus.FAILED)


class NoLongerOpen(Exception):
    """A reply must not be written down: another run has answered the post or its author, or the author opted out."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A post that was read and judged: an opportunity, unless `turned_away` says why it is none.

    `read_for_subject`: whether the judgement says something of what its author writes about.
    """

    opportunity: Opportunity
    source: str
    turned_away: str | None = None
    read_for_subject: bool = True


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What came of keeping judged posts.

    `opportunities` are those among them that are new, `new_authors` how many of their authors were not known, and
    `refused` the posts and authors that the database did not take.
    """

    opportunities: Sequence[Opportunity]
    new_authors: int
    refused: Sequence[RefusedRow] = ()


def name_of(judged: Judged) -> str:
    """Return what a post is called where the database did not take it."""
    return f"post {judged.opportunity.post_id}"


def keep(database: AccountDatabase, judged: Iterable[Judged], *, now: datetime) -> Kept:
    """Keep posts that were judged, and what they tell of their authors; what is known already stays as it is."""

    def write(some: Sequence[Judged]) -> Sequence[tuple[Sequence[Judged], int]]:
        new = [one for one in some if _insert(connection, database.account, one)]
        return [(new, meet(connection, database.account, _sightings(new), now=now))]

    with database.transaction() as connection:
        written, refused = write_each(connection, list(judged), write, name=name_of)
    return Kept(
        opportunities=[one.opportunity for new, _ in written for one in new if one.turned_away is None],
        new_authors=sum(strangers for _, strangers in written),
        refused=refused,
    )


def verdicts(database: AccountDatabase, post_ids: Iterable[str]) -> Mapping[str, str | None]:
    """Answers what came of those of these posts that were judged before: why they were turned away, or None."""
    with database.transaction() as connection:
        rows = connection.execute(
            select(_POST.tweet_id, _POST.turned_away_reason).where(
                _POST.account == database.account, _POST.tweet_id.in_(list(post_ids))
            )
        )
        return {row.tweet_id: row.turned_away_reason for row in rows}


def answered_posts(database: AccountDatabase, post_ids: Iterable[str]) -> frozenset[str]:
    """Answers those of these posts that have a reply of ours, or one on its way."""
    with database.transaction() as connection:
        return frozenset(
            connection.scalars(
                select(_CONTENT.target_tweet_id).where(
                    _on_its_way(database.account), _CONTENT.target_tweet_id.in_(list(post_ids))
                )
            )
        )


def answered_authors(database: AccountDatabase, *, since: datetime) -> frozenset[str]:
    """Answers the handles, in small letters, of those who have a reply of ours since a moment, or one on its way."""
    with database.transaction() as connection:
        return frozenset(
            connection.scalars(
                select(func.lower(_CONTENT.target_author)).where(
                    _on_its_way(database.account), _CONTENT.created_at >= since
                )
            )
        )


def open_opportunities(database: AccountDatabase, *, now: datetime) -> Sequence[Opportunity]:
    """Answers what may be answered now, the best first: whoever addressed us comes before everybody else."""
    with database.transaction() as connection:
        rows = connection.execute(
            select(reply_opportunities)
            .where(_POST.account == database.account, _POST.status == OpportunityStatus.OPEN, _POST.expires_at > now)
            .order_by(_POST.addressed_us.desc(), _POST.score.desc(), _POST.tweet_id)
        )
        return [opportunity_of(row) for row in rows.mappings()]


def expire(database: AccountDatabase, *, now: datetime) -> int:
    """Sets aside what waited past its time, and answers how many that were (F18)."""
    with database.transaction() as connection:
        return connection.execute(
            update(reply_opportunities)
            .where(_POST.account == database.account, _POST.status == OpportunityStatus.OPEN, _POST.expires_at <= now)
            .values(status=OpportunityStatus.EXPIRED)
        ).rowcount


def turn_away(database: AccountDatabase, post_id: str, *, reason: str) -> None:
    """Sets an opportunity aside that came to nothing before a reply was written."""
    with database.transaction() as connection:
        connection.execute(
            update(reply_opportunities)
            .where(_POST.account == database.account, _POST.tweet_id == post_id, _POST.status == OpportunityStatus.OPEN)
            .values(status=OpportunityStatus.TURNED_AWAY, turned_away_reason=reason)
        )


def add_reply(
    database: AccountDatabase,
    opportunity: Opportunity,
    draft: Draft,
    *,
    status: DecisionStatus,
    day_began: datetime,
    now: datetime,
    by: Provenance,
    reason: str | None = None,
) -> UUID:
    """Writes a reply to an opportunity down as a decision, and answers its id: one a post, and one an author and day.

    It expires with the opportunity. A draft that is rejected is kept with its reason, and takes nobody's place.

    Raises:
        NoLongerOpen: another run was faster, the author has asked to be left alone, or the database does not take it.
    """
    handle = opportunity.author.handle
    with _refusals_told(), database.transaction() as connection:
        _take_turns(connection, database.account, handle)
        this = (_POST.account == database.account) & (_POST.tweet_id == opportunity.post_id)
        standing = connection.scalar(select(_POST.status).where(this).with_for_update())
        if standing != OpportunityStatus.OPEN:
            raise NoLongerOpen(f"post {opportunity.post_id} is {standing or 'no opportunity'} by now")
        if status != DecisionStatus.REJECTED:
            _check_author(connection, database.account, opportunity.author, day_began)
        decision_id = insert_decision(
            connection,
            database.account,
            replace(draft, target=opportunity.target),
            status=status,
            scheduled_at=now,
            expires_at=opportunity.expires_at,
            now=now,
            by=by,
            reason=reason,
        )
        turned_away = status == DecisionStatus.REJECTED
        connection.execute(
            update(reply_opportunities)
            .where(this)
            .values(
                status=OpportunityStatus.TURNED_AWAY if turned_away else OpportunityStatus.DRAFTED,
                turned_away_reason=reason if turned_away else None,
                decision_id=decision_id,
            )
        )
    return decision_id


@contextmanager
def _refusals_told() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, UnicodeEncodeError) as error:
        reason = reason_of(error)
        if reason is None:
            raise
        raise NoLongerOpen(f"the reply could not be stored: {reason}") from None


def _take_turns(connection: Connection, account: str, handle: str) -> None:
    """Lets one transaction at a time decide on an author: two that looked at once would both find no reply."""
    connection.execute(
        select(func.pg_advisory_xact_lock(func.hashtext(f"reply of {account}"), func.hashtext(handle.lower())))
    )


def _check_author(connection: Connection, account: str, author: ProfileSnapshot, day_began: datetime) -> None:
    handle = author.handle.lower()
    replies = connection.scalar(
        select(func.count()).where(
            _on_its_way(account), func.lower(_CONTENT.target_author) == handle, _CONTENT.created_at >= day_began
        )
    )
    if replies:
        raise NoLongerOpen(f"@{author.handle} has a reply of today already")
    if has_opted_out(connection, account, handle=handle, user_id=author.id):
        raise NoLongerOpen(f"@{author.handle} asked to be left alone")


def _on_its_way(account: str) -> ColumnElement[bool]:
    return (
        (_CONTENT.account == account) & _CONTENT.target_author.is_not(None) & _CONTENT.status.not_in(_CAME_TO_NOTHING)
    )


def _insert(connection: Connection, account: str, judged: Judged) -> bool:
    one = judged.opportunity
    written = connection.execute(
        insert(reply_opportunities)
        .values(
            account=account,
            tweet_id=one.post_id,
            author_handle=one.author.handle,
            author_id=one.author.id,
            author_name=one.author.name,
            author_bio=one.author.bio,
            author_followers=one.author.followers,
            text=one.text,
            subject=one.subject,
            addressed_us=one.addressed_us,
            **{name: getattr(one, name) for name in COUNTERS},
            posted_at=one.posted_at,
            found_at=one.found_at,
            expires_at=one.expires_at,
            score=one.score,
            score_parts=dict(one.score_parts),
            status=OpportunityStatus.OPEN if judged.turned_away is None else OpportunityStatus.TURNED_AWAY,
            turned_away_reason=judged.turned_away,
        )
        .on_conflict_do_nothing()
        .returning(_POST.tweet_id)
    )
    return written.one_or_none() is not None


def _sightings(judged: Iterable[Judged]) -> Iterable[Sighting]:
    return [
        Sighting(
            profile=one.opportunity.author,
            source=one.source,
            judged=int(one.read_for_subject),
            on_subject=int(one.read_for_subject and one.opportunity.subject is not None),
        )
        for one in judged
    ]


def opportunity_of(values: Mapping[Any, Any]) -> Opportunity:
    """Answers an opportunity, from the columns of its row by their names."""
    return Opportunity(
        post_id=values["tweet_id"],
        author=ProfileSnapshot(
            id=values["author_id"],
            handle=values["author_handle"],
            name=values["author_name"],
            bio=values["author_bio"],
            followers=values["author_followers"],
        ),
        text=values["text"],
        subject=values["subject"],
        addressed_us=values["addressed_us"],
        **{name: values[name] for name in COUNTERS},
        posted_at=values["posted_at"],
        found_at=values["found_at"],
        expires_at=values["expires_at"],
        score=values["score"],
        score_parts=values["score_parts"],
    )
