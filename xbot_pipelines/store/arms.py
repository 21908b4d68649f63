"""What learning reads and writes: our own posts with what was chosen and counted, and the beliefs that came of them.

The posts are singles; a reply lives by the post that it answers. What figures teach, and what is believed because of
them, is reckoned elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from xbot_pipelines.models import CheckpointStatus, Counters
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.schema import COUNTERS, learned_arms

BRIEFED = ("topic", "angle", "tone", "format", "hook")
"""The columns of what was chosen of a post. One in which something is not known is not among the observations."""


@dataclass(frozen=True, kw_only=True)
class Observation(Counters):
    """One post of ours at one checkpoint that was taken.

    `chosen` has the columns of `BRIEFED`. `followers` is the last count before it was published, else the first after
    it; None where no page has shown one within a day.
    """

    decision_id: UUID
    posted_at: datetime
    chosen: Mapping[str, str]
    about_news: bool
    followers: int | None
    hours: int
    status: CheckpointStatus
    observed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What there is to learn from: how many posts have passed a checkpoint, and when any was read last."""

    finished: int
    latest_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LearnedArm:
    """What is believed of one value of one dimension; `pulls` are the posts that it is known from."""

    dimension: str
    value: str
    mean: float
    variance: float
    pulls: float


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Which arms there are beliefs of, as (dimension, value), and the newest evidence that they rest on."""

    arms: frozenset[tuple[str, str]]
    evidence_at: datetime | None


def observations(database: AccountDatabase, *, since: datetime, until: datetime) -> Sequence[Observation]:
    """Answers the checkpoints of our singles published in [since, until), post by post, the oldest first."""
    with database.transaction() as connection:
        rows = connection.execute(
            text(_OBSERVED), {"account": database.account, "since": since, "until": until}
        ).mappings()
        return [
            Observation(
                decision_id=row["decision_id"],
                posted_at=row["posted_at"],
                chosen={name: row[name] for name in BRIEFED},
                about_news=row["about_news"],
                followers=row["followers"],
                hours=row["checkpoint_hours"],
                status=CheckpointStatus(row["status"]),
                observed_at=row["observed_at"],
                **{name: row[name] for name in COUNTERS},
            )
            for row in rows
        ]


def evidence(database: AccountDatabase, *, since: datetime, until: datetime, finished_hours: int) -> Evidence:
    """Answers what there is to learn from of the same posts; those that have passed this checkpoint are finished."""
    values = {"account": database.account, "since": since, "until": until, "hours": finished_hours}
    with database.transaction() as connection:
        row = connection.execute(text(_EVIDENCE), values).one()
    return Evidence(finished=row.finished, latest_at=row.latest_at)


def learned(database: AccountDatabase) -> Learned:
    """Answers which beliefs are written down."""
    arm = learned_arms.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(arm.dimension, arm.value, arm.evidence_at).where(arm.account == database.account)
        ).all()
    return Learned(
        arms=frozenset((row.dimension, row.value) for row in rows),
        evidence_at=max((row.evidence_at for row in rows), default=None),
    )


def believed(database: AccountDatabase) -> Sequence[LearnedArm]:
    """Answers the beliefs that are written down, in no order."""
    arm = learned_arms.c
    with database.transaction() as connection:
        rows = connection.execute(
            select(arm.dimension, arm.value, arm.mean, arm.variance, arm.pulls).where(arm.account == database.account)
        ).mappings()
        return [LearnedArm(**row) for row in rows]


def replace_arms(
    database: AccountDatabase, arms: Sequence[LearnedArm], *, evidence_at: datetime, now: datetime
) -> None:
    """Writes what is believed now in the place of all that was believed before."""
    common = {"account": database.account, "evidence_at": evidence_at, "updated_at": now}
    arm, insertion = learned_arms.c, insert(learned_arms)
    key = learned_arms.primary_key.columns
    new = {column.name: column for column in insertion.excluded if column.name not in key}
    there = [(one.dimension, one.value) for one in arms]
    with database.transaction() as connection:
        connection.execute(
            delete(learned_arms).where(arm.account == database.account, tuple_(arm.dimension, arm.value).not_in(there))
        )
        connection.execute(
            insertion.on_conflict_do_update(index_elements=key, set_=new), [{**common, **asdict(one)} for one in arms]
        )


# Each column is asked for by itself: PostgreSQL has statistics of columns, and none of how many of them are null.
_TRIED = f"""
    SELECT posted.account, posted.decision_id, posted.posted_at, content.news_url IS NOT NULL AS about_news,
           {", ".join(f"content.{name}" for name in BRIEFED)}
    FROM posted_decisions AS posted JOIN content_metadata AS content USING (account, decision_id)
    WHERE posted.account = :account AND posted.posted_at >= :since AND posted.posted_at < :until
          AND content.decision_type = 'single' AND {" AND ".join(f"content.{name} IS NOT NULL" for name in BRIEFED)}
"""  # noqa: S608 - made of our own column names, the values are bound

_COUNTED = """
    SELECT followers FROM follower_snapshots AS counted
    WHERE counted.account = tried.account AND {within} ORDER BY observed_at {order} LIMIT 1
"""
_BEFORE = _COUNTED.format(
    within="observed_at <= tried.posted_at AND observed_at > tried.posted_at - interval '1 day'", order="DESC"
)
_AFTER = _COUNTED.format(
    within="observed_at > tried.posted_at AND observed_at < tried.posted_at + interval '1 day'", order="ASC"
)

# Materialized: followers are looked up once for a post, not once for each of its checkpoints.
_OBSERVED = f"""
    WITH told AS MATERIALIZED (
        SELECT tried.*, coalesce(({_BEFORE}), ({_AFTER})) AS followers FROM ({_TRIED}) AS tried
    )
    SELECT told.*, taken.checkpoint_hours, taken.status, taken.observed_at,
           {", ".join(f"taken.{name}" for name in COUNTERS)}
    FROM told JOIN post_velocity_tracking AS taken USING (account, decision_id)
    WHERE taken.observed_at IS NOT NULL
    ORDER BY posted_at, decision_id, checkpoint_hours
"""  # noqa: S608 - as above

_EVIDENCE = f"""
    SELECT count(*) FILTER (WHERE taken.checkpoint_hours = :hours) AS finished, max(taken.observed_at) AS latest_at
    FROM ({_TRIED}) AS tried JOIN post_velocity_tracking AS taken USING (account, decision_id)
    WHERE taken.observed_at IS NOT NULL
"""  # noqa: S608 - as above
