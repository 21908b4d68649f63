"""People: the accounts that we may answer, what is known of each, and who asked to be left alone.

Handles are kept in small letters: X tells them apart by nothing else. Who may be answered is decided in `systems`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.store.bad_rows import RefusedRow, write_each
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import discovered_accounts

FACTS_HOLD_FOR = timedelta(days=7)
"""How long what an account's page says is believed; what its posts carry along is newer anyway."""

UNREAD = 0.5
"""The relevance of somebody of whom nothing was judged yet."""

_PERSON = discovered_accounts.c


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """Somebody as a post or a page of X showed them, where we came upon them, and what of theirs was judged then."""

    profile: ProfileSnapshot
    source: str
    judged: int = 0
    on_subject: int = 0


def meet(connection: Connection, account: str, sightings: Iterable[Sighting], *, now: datetime) -> int:
    """Keeps what was seen of people, as a part of a transaction, and answers how many were not known."""
    new = 0
    # In one order, so that two runs that see the same people wait for each other and not in a circle.
    for seen in sorted(sightings, key=lambda one: one.profile.handle.lower()):
        profile = seen.profile
        facts = {
            "user_id": profile.id,
            "name": profile.name,
            "bio": profile.bio,
            "followers": profile.followers,
            "protected": profile.protected,
        }
        known = {name: value for name, value in facts.items() if value is not None}
        written = insert(discovered_accounts).values(
            account=account,
            handle=profile.handle.lower(),
            **known,
            posts_judged=seen.judged,
            posts_on_subject=seen.on_subject,
            source=seen.source,
            discovered_at=now,
            refreshed_at=now if profile.followers is not None else None,
        )
        row = connection.execute(
            written.on_conflict_do_update(
                index_elements=["account", "handle"],
                set_={
                    **known,
                    "posts_judged": _PERSON.posts_judged + seen.judged,
                    "posts_on_subject": _PERSON.posts_on_subject + seen.on_subject,
                    **({"refreshed_at": now} if profile.followers is not None else {}),
                },
            ).returning(_PERSON.discovered_at, _PERSON.posts_judged)
        ).one()
        new += row.discovered_at == now and row.posts_judged == seen.judged
    return new


def add_handles(
    database: AccountDatabase, handles: Iterable[str], *, source: str, now: datetime
) -> tuple[int, Sequence[RefusedRow]]:
    """Keep people of whom only the handle is known.

    Returns:
        How many were not known at all, and those that the database did not take.
    """
    rows: Sequence[dict[str, Any]] = [
        {"account": database.account, "handle": handle, "source": source, "discovered_at": now}
        for handle in sorted({handle.lower() for handle in handles})
    ]
    with database.transaction() as connection:
        added, refused = write_each(
            connection,
            rows,
            lambda some: connection.scalars(
                insert(discovered_accounts).values(list(some)).on_conflict_do_nothing().returning(_PERSON.handle)
            ),
            name=lambda row: f"@{row['handle'][:20]}",
        )
    return len(added), refused


def add_answerers(database: AccountDatabase, *, now: datetime) -> int:
    """Keeps everybody who has answered a post of ours, and answers how many were not known."""
    with database.transaction() as connection:
        return connection.execute(text(_ADD_ANSWERERS), {"account": database.account, "now": now}).rowcount


def relevance_of(database: AccountDatabase, handles: Iterable[str]) -> dict[str, float]:
    """Answers how much of what each of these people writes is about our subjects, by handle in small letters.

    Somebody who is not known, or of whom nothing was judged, is at `UNREAD`.
    """
    asked = {handle.lower() for handle in handles}
    with database.transaction() as connection:
        rows = connection.execute(
            select(_PERSON.handle, _PERSON.relevance).where(
                _PERSON.account == database.account, _PERSON.handle.in_(asked)
            )
        )
        return dict.fromkeys(asked, UNREAD) | {row.handle: row.relevance for row in rows}


def worth_a_look(database: AccountDatabase, *, limit: int) -> Sequence[str]:
    """Answers the handles of those whose posts are to be looked at next: of the relevant, the longest unseen."""
    with database.transaction() as connection:
        return connection.scalars(
            select(_PERSON.handle)
            .where(
                _PERSON.account == database.account,
                _PERSON.opted_out_at.is_(None),
                _PERSON.protected.is_not(True),
                _PERSON.relevance >= UNREAD,
            )
            .order_by(_PERSON.looked_at.nulls_first(), _PERSON.relevance.desc(), _PERSON.handle)
            .limit(limit)
        ).all()


def looked_at(database: AccountDatabase, handles: Iterable[str], *, now: datetime) -> None:
    """Remembers that the posts of these people were looked at."""
    with database.transaction() as connection:
        connection.execute(
            update(discovered_accounts)
            .where(_PERSON.account == database.account, _PERSON.handle.in_(list(handles)))
            .values(looked_at=now)
        )


def owed_facts(database: AccountDatabase, *, now: datetime, limit: int) -> Sequence[str]:
    """Answers the handles of those whose facts are unknown or old, the unknown first."""
    with database.transaction() as connection:
        return connection.scalars(
            select(_PERSON.handle)
            .where(
                _PERSON.account == database.account,
                _PERSON.opted_out_at.is_(None),
                or_(_PERSON.refreshed_at.is_(None), _PERSON.refreshed_at < now - FACTS_HOLD_FOR),
            )
            .order_by(_PERSON.refreshed_at.nulls_first(), _PERSON.discovered_at, _PERSON.handle)
            .limit(limit)
        ).all()


def refresh(database: AccountDatabase, profile: ProfileSnapshot, *, source: str, now: datetime) -> Sequence[RefusedRow]:
    """Keep what somebody's own page says; return the row if the database did not take it."""
    with database.transaction() as connection:
        _, refused = write_each(
            connection,
            [Sighting(profile=profile, source=source)],
            lambda some: [meet(connection, database.account, some, now=now)],
            name=lambda one: f"@{one.profile.handle[:20]}",
        )
    return refused


def gone(database: AccountDatabase, handle: str, *, now: datetime) -> None:
    """Remembers that somebody's page is not to be seen: they are not asked about again for a while."""
    with database.transaction() as connection:
        connection.execute(
            update(discovered_accounts)
            .where(_PERSON.account == database.account, _PERSON.handle == handle.lower())
            .values(refreshed_at=now)
        )


def left_alone(database: AccountDatabase) -> frozenset[str]:
    """Answers the handles, in small letters, and the ids of all who asked to be left alone."""
    with database.transaction() as connection:
        rows = connection.execute(
            select(_PERSON.handle, _PERSON.user_id).where(
                _PERSON.account == database.account, _PERSON.opted_out_at.is_not(None)
            )
        )
        return frozenset(name for row in rows for name in row if name is not None)


def has_opted_out(connection: Connection, account: str, *, handle: str, user_id: str | None = None) -> bool:
    """Says whether somebody asked to be left alone, under this handle or, where it is known, under another one."""
    same = _PERSON.handle == handle.lower()
    asked = connection.execute(
        select(_PERSON.handle).where(
            _PERSON.account == account,
            _PERSON.opted_out_at.is_not(None),
            same if user_id is None else or_(same, _PERSON.user_id == user_id),
        )
    )
    return asked.first() is not None


def opt_out(
    connection: Connection, account: str, *, handle: str, user_id: str | None, words: str, now: datetime
) -> bool:
    """Remembers for good that somebody asked to be left alone. Answers whether that is new; the first words stay."""
    written = insert(discovered_accounts).values(
        account=account,
        handle=handle.lower(),
        user_id=user_id,
        source="asked to be left alone",
        discovered_at=now,
        opted_out_at=now,
        opted_out_words=words,
    )
    changed = connection.execute(
        written.on_conflict_do_update(
            index_elements=["account", "handle"],
            set_={
                "opted_out_at": now,
                "opted_out_words": words,
                "user_id": func.coalesce(written.excluded.user_id, _PERSON.user_id),
            },
            where=_PERSON.opted_out_at.is_(None),
        ).returning(_PERSON.handle)
    )
    return changed.one_or_none() is not None


def answered(connection: Connection, account: str, *, handle: str, now: datetime) -> None:
    """Remembers that a reply of ours to somebody is on X, as a part of the transaction that says so."""
    connection.execute(
        insert(discovered_accounts)
        .values(account=account, handle=handle.lower(), source="answered", discovered_at=now, last_replied_at=now)
        .on_conflict_do_update(index_elements=["account", "handle"], set_={"last_replied_at": now})
    )


_ADD_ANSWERERS = """
    INSERT INTO discovered_accounts (account, handle, source, discovered_at)
    SELECT DISTINCT account, lower(author), 'answered us', CAST(:now AS timestamptz) FROM received_replies
    WHERE account = :account AND author ~ '^[A-Za-z0-9_]{1,15}$'
    ON CONFLICT DO NOTHING
"""
