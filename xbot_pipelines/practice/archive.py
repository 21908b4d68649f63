"""Everything of the world that has to survive a restart, in one SQLite file: nothing is decided here.

Each method is one committed transaction (WAL, synchronous=FULL), so what was answered is on the disk even if the
process is killed right after. The file is locked to one process at a time.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Post, from_milliseconds, to_milliseconds

# What each format of the file has more than the one before it: an older file gets what it lacks.
_FORMATS: Sequence[str] = (
    """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE account (
    id INTEGER PRIMARY KEY, handle TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, bio TEXT NOT NULL,
    location TEXT NOT NULL, joined_ms INTEGER NOT NULL, followers INTEGER NOT NULL, following INTEGER NOT NULL,
    appeared_ms INTEGER NOT NULL, pinned_post_id INTEGER
) STRICT;
CREATE TABLE post (
    id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, text TEXT NOT NULL, created_ms INTEGER NOT NULL,
    in_reply_to INTEGER, conversation_id INTEGER NOT NULL, author_followers INTEGER NOT NULL, seeded INTEGER NOT NULL
) STRICT;
CREATE TABLE deletion (post_id INTEGER PRIMARY KEY, deleted_ms INTEGER NOT NULL) STRICT;
CREATE TABLE session (
    token TEXT PRIMARY KEY, account_id INTEGER NOT NULL, ct0 TEXT NOT NULL, previous_ct0 TEXT, ct0_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE fault (
    id INTEGER PRIMARY KEY, specification TEXT NOT NULL, left_over INTEGER, drawn INTEGER NOT NULL
) STRICT;
""",
    """
CREATE TABLE hiding (post_id INTEGER NOT NULL, at_ms INTEGER NOT NULL, hidden INTEGER NOT NULL) STRICT;
CREATE TABLE correction (
    post_id INTEGER NOT NULL, at_ms INTEGER NOT NULL, counter TEXT NOT NULL, change INTEGER NOT NULL
) STRICT;
""",
    """
ALTER TABLE post ADD COLUMN freshness REAL NOT NULL DEFAULT 1;
""",
    """
CREATE TABLE charge (
    day TEXT NOT NULL, kind TEXT NOT NULL, resource_id INTEGER NOT NULL, PRIMARY KEY (day, kind, resource_id)
) STRICT;
""",
)
_VERSION = len(_FORMATS)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One of our accounts, since when it is in this world, and its pinned post."""

    person: Person
    appeared_at: datetime
    pinned_post_id: int | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One login. `previous_ct0` is still good for requests that were under way when `ct0` was issued."""

    token: str
    account_id: int
    ct0: str
    previous_ct0: str | None
    ct0_at: datetime


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault as it was asked for, how many times it is still to happen (None: no end), how often chance was asked."""

    id: int
    specification: dict[str, Any]
    left: int | None
    drawn: int


class Archive:
    """The file `practice.sqlite` in the data folder.

    Raises:
        RuntimeError: The file is open in another process, or was written by another version.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "practice.sqlite"
        # The server may be built in one thread and run in another; it is never used by two at once.
        self._db = sqlite3.connect(path, isolation_level=None, timeout=2, check_same_thread=False)
        try:
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            with self._transaction():
                self._prepare(path)
        except sqlite3.OperationalError as error:
            self._db.close()
            raise RuntimeError(
                f"cannot open the practice world in {path} ({error}): "
                "stop the practice X that is using it, or choose another data folder"
            ) from error
        except RuntimeError:
            self._db.close()
            raise

    def _prepare(self, path: Path) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise RuntimeError(
                f"the practice world in {path} has format {version}, this program writes {_VERSION}: "
                "choose another data folder, or remove this one"
            )
        for statement in filter(str.strip, "".join(_FORMATS[version:]).split(";")):
            self._db.execute(statement)
        self._db.execute(f"PRAGMA user_version={_VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def clear(self) -> None:
        """Forget everything."""
        with self._transaction():
            for table in ("fact", "account", "post", "deletion", "hiding", "correction", "session", "fault", "charge"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand in the line above

    def fact(self, name: str) -> Any:
        """A single value kept under a name; None when it is not there."""
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def keep_fact(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, json.dumps(value)))

    def accounts(self) -> list[AccountRow]:
        """Our accounts, in the order they appeared."""
        rows = self._db.execute("SELECT * FROM account ORDER BY appeared_ms, id")
        return [
            AccountRow(
                Person(
                    id=id_,
                    handle=handle,
                    name=name,
                    bio=bio,
                    location=location,
                    joined_at=from_milliseconds(joined),
                    followers=followers,
                    following=following,
                    posts=0,
                ),
                from_milliseconds(appeared),
                pinned,
            )
            for id_, handle, name, bio, location, joined, followers, following, appeared, pinned in rows
        ]

    def keep_account(self, row: AccountRow) -> None:
        """Add an account, or keep its new pinned post."""
        person = row.person
        self._db.execute(
            "INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                person.id,
                person.handle,
                person.name,
                person.bio,
                person.location,
                to_milliseconds(person.joined_at),
                person.followers,
                person.following,
                to_milliseconds(row.appeared_at),
                row.pinned_post_id,
            ),
        )

    def posts(self) -> list[Post]:
        """All published posts, oldest id first, deleted ones among them."""
        rows = self._db.execute("SELECT * FROM post ORDER BY id")
        return [
            Post(
                id=id_,
                author_id=author,
                text=text,
                created_at=from_milliseconds(created),
                in_reply_to=target,
                conversation_id=conversation,
                author_followers=followers,
                seeded=bool(seeded),
                freshness=freshness,
            )
            for id_, author, text, created, target, conversation, followers, seeded, freshness in rows
        ]

    def keep_posts(self, posts: Iterable[Post]) -> None:
        """Add posts, all or none."""
        with self._transaction():
            self._db.executemany(
                "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        post.id,
                        post.author_id,
                        post.text,
                        to_milliseconds(post.created_at),
                        post.in_reply_to,
                        post.conversation_id,
                        post.author_followers,
                        int(post.seeded),
                        post.freshness,
                    )
                    for post in posts
                ],
            )

    def deletions(self) -> dict[int, datetime]:
        """When each deleted post was deleted."""
        rows = self._db.execute("SELECT post_id, deleted_ms FROM deletion")
        return {post_id: from_milliseconds(deleted) for post_id, deleted in rows}

    def keep_deletion(self, post_id: int, at: datetime) -> None:
        """Mark a post as deleted."""
        self._db.execute("INSERT INTO deletion VALUES (?, ?)", (post_id, to_milliseconds(at)))

    def hidings(self) -> list[tuple[int, datetime, bool]]:
        """Which post was hidden (True) or shown again, and when, in the order it was done."""
        rows = self._db.execute("SELECT post_id, at_ms, hidden FROM hiding ORDER BY rowid")
        return [(post_id, from_milliseconds(at), bool(hidden)) for post_id, at, hidden in rows]

    def keep_hiding(self, post_id: int, at: datetime, *, hidden: bool) -> None:
        """Mark a post as hidden or as shown again."""
        self._db.execute("INSERT INTO hiding VALUES (?, ?, ?)", (post_id, to_milliseconds(at), int(hidden)))

    def corrections(self) -> list[tuple[int, datetime, str, int]]:
        """Which counter of which post was changed by how much, and when, in the order it was done."""
        rows = self._db.execute("SELECT post_id, at_ms, counter, change FROM correction ORDER BY rowid")
        return [(post_id, from_milliseconds(at), counter, change) for post_id, at, counter, change in rows]

    def keep_corrections(self, post_id: int, at: datetime, changes: Mapping[str, int]) -> None:
        """Add changes of a post's counters, all or none."""
        rows = [(post_id, to_milliseconds(at), counter, change) for counter, change in changes.items()]
        with self._transaction():
            self._db.executemany("INSERT INTO correction VALUES (?, ?, ?, ?)", rows)

    def sessions(self) -> list[SessionRow]:
        """All living sessions."""
        rows = self._db.execute("SELECT token, account_id, ct0, previous_ct0, ct0_ms FROM session")
        return [SessionRow(token, account, ct0, old, from_milliseconds(at)) for token, account, ct0, old, at in rows]

    def keep_session(self, row: SessionRow) -> None:
        """Add a session, or keep its reissued ct0."""
        self._db.execute(
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?)",
            (row.token, row.account_id, row.ct0, row.previous_ct0, to_milliseconds(row.ct0_at)),
        )

    def drop_session(self, token: str) -> None:
        """End a session."""
        self._db.execute("DELETE FROM session WHERE token = ?", (token,))

    def charges(self) -> list[tuple[str, str, int]]:
        """How many resources were charged on which day as which kind."""
        rows = self._db.execute("SELECT day, kind, count(*) FROM charge GROUP BY day, kind ORDER BY day, kind")
        return list(rows)

    def keep_charges(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Add charges (day, kind, id of the resource), all or none; those that are there already change nothing."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO charge VALUES (?, ?, ?)", rows)

    def faults(self) -> list[FaultRow]:
        """All faults that were asked for, in that order."""
        rows = self._db.execute("SELECT id, specification, left_over, drawn FROM fault ORDER BY id")
        return [FaultRow(id_, json.loads(text), left, drawn) for id_, text, left, drawn in rows]

    def keep_fault(self, row: FaultRow) -> None:
        """Add a fault, or keep what is left of it."""
        self._db.execute(
            "INSERT OR REPLACE INTO fault VALUES (?, ?, ?, ?)",
            (row.id, json.dumps(row.specification), row.left, row.drawn),
        )

    def drop_faults(self) -> None:
        """Forget all faults."""
        self._db.execute("DELETE FROM fault")
