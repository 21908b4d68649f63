"""The tables of an account that has published for years, made inside PostgreSQL.

Its posts lie evenly, 88 a day back from now, so an account with a hundred times the posts has the same last month:
whatever is asked about that month has the same answer, and may not take longer. All checkpoints are recorded but those
of the last day, which nobody has taken. None is gone.
"""

# ruff: noqa: S608 - the statements are made of our own words, and the values are bound

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
POSTS_A_DAY = 88
"""48 posts and 40 replies: the most that the account's caps allow."""

READ_AFTER = (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 36, 44, 66, 88, 176, 352, 616, 1232)
"""The ages at which a post is read, counted in posts that came after it: from a quarter of an hour to a fortnight."""

QUEUED = 200
"""Decisions that wait to be claimed, all of them due. Each claim takes one."""

_APART = timedelta(days=1) / POSTS_A_DAY
_TABLES = (
    "content_metadata",
    "posting_attempts",
    "posted_decisions",
    "tweet_metrics",
    "outcomes",
    "owed_checkpoints",
    "post_velocity_tracking",
    "post_follower_tracking",
)


@dataclass(frozen=True)
class _Constraint:
    """A constraint or an index of a table, as the database itself defines it."""

    table: str
    name: str
    definition: str


def live(engine: Engine, account: str, *, posts: int) -> None:
    """Fills the empty, migrated tables with the life of an account that has published so many posts."""
    values = {"account": account, "posts": posts, "now": NOW, "apart": _APART, "queued": QUEUED}
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
        connection.execute(text("SET LOCAL max_parallel_maintenance_workers = 2"))
        with _bare(connection):
            for statement in _LIFE:
                connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))


@contextmanager
def _bare(connection: Connection) -> Iterator[None]:
    """Takes keys and indexes off the tables, and puts them back: that is faster, and checks every row as it does."""
    constraints = [_Constraint(*row) for row in connection.execute(text(_CONSTRAINTS), {"tables": list(_TABLES)})]
    indexes = [_Constraint(*row) for row in connection.execute(text(_INDEXES), {"tables": list(_TABLES)})]
    for constraint in constraints:
        connection.execute(text(f"ALTER TABLE {constraint.table} DROP CONSTRAINT {constraint.name}"))
    for index in indexes:
        connection.execute(text(f"DROP INDEX {index.name}"))
    yield
    for constraint in reversed(constraints):
        connection.execute(
            text(f"ALTER TABLE {constraint.table} ADD CONSTRAINT {constraint.name} {constraint.definition}")
        )
    for index in indexes:
        connection.execute(text(index.definition))


# Foreign keys first: a key that another table points to cannot be dropped, nor be pointed to before it is there.
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype IN ('f', 'p', 'u')
          AND (conrelid = ANY (CAST(:tables AS regclass[])) OR confrelid = ANY (CAST(:tables AS regclass[])))
    ORDER BY contype = 'f' DESC, conname
"""
_INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY (CAST(:tables AS regclass[]))
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""

# Post number 0 is the oldest. Ids are as random as the product's own, so that their indexes are as wide, too.
_DECISION, _ATTEMPT = "md5('decision ' || post)::uuid", "md5('attempt ' || post)::uuid"
_TWEET_ID = "(1900000000000000000 + post)::text"
_POSTED_AT = ":now - (:posts - post - 0.5) * CAST(:apart AS interval)"
_KIND = "CASE WHEN post % 11 < 6 THEN 'single' ELSE 'reply' END"
_TARGET = "CASE WHEN post % 11 < 6 THEN NULL ELSE (1800000000000000000 + post)::text END"
_POSTS = "generate_series(0, :posts - 1) AS post"
_COUNTERS = "views, likes, reposts, replies, quotes, bookmarks"
_COUNTED = """
    1200 * {age} / ({age} + 20) + post % 97, 24 * {age} / ({age} + 20), 3 * {age} / ({age} + 20),
    2 * {age} / ({age} + 20), {age} / 500, {age} / 100
"""
_AGES = f"unnest(ARRAY[{', '.join(map(str, READ_AFTER))}])"

_LIFE = (
    f"""
    INSERT INTO content_metadata (decision_id, account, decision_type, text, topic, status, scheduled_at,
                                  target_tweet_id, created_at, updated_at)
    SELECT {_DECISION}, :account, {_KIND}, 'Note ' || post || ': a glass of water before the first coffee, every day.',
           'hydration', 'posted', {_POSTED_AT}, {_TARGET}, {_POSTED_AT} - interval '30 minutes', {_POSTED_AT}
    FROM {_POSTS}
    """,
    """
    INSERT INTO content_metadata (decision_id, account, decision_type, text, status, scheduled_at, created_at,
                                  updated_at)
    SELECT md5('queued ' || number)::uuid, :account, 'single', 'Note to come ' || number, 'queued',
           :now - number * interval '1 minute', :now - interval '1 day', :now - interval '1 day'
    FROM generate_series(1, :queued) AS number
    """,
    f"""
    INSERT INTO posting_attempts (id, account, decision_id, decision_type, state, began_at, submitted_at, settled_at,
                                  tweet_id, evidence, run_id, version)
    SELECT {_ATTEMPT}, :account, {_DECISION}, {_KIND}, 'confirmed', {_POSTED_AT}, {_POSTED_AT}, {_POSTED_AT},
           {_TWEET_ID}, 'answer', {_ATTEMPT}::text, '0'
    FROM {_POSTS}
    """,
    f"""
    INSERT INTO posted_decisions (decision_id, account, tweet_id, posted_at, evidence, attempt_id, run_id, version)
    SELECT {_DECISION}, :account, {_TWEET_ID}, {_POSTED_AT}, 'answer', {_ATTEMPT}, {_ATTEMPT}::text, '0'
    FROM {_POSTS}
    """,
    # In the order of time, as they come: the readings of one post lie on as many pages of the table as there are.
    f"""
    INSERT INTO tweet_metrics (account, tweet_id, observed_at, {_COUNTERS}, source, run_id)
    SELECT :account, {_TWEET_ID}, moment, {_COUNTED.format(age="age")}, 'metrics_scraper', run_id
    FROM (
        SELECT latest - age AS post, age, run_id,
               :now - (:posts - latest - 0.5) * CAST(:apart AS interval) + place * interval '1 second' AS moment
        FROM (SELECT latest, md5('run ' || latest) AS run_id FROM generate_series(0, :posts - 1) AS latest OFFSET 0)
             AS run
             CROSS JOIN {_AGES} WITH ORDINALITY AS ages (age, place)
        WHERE latest >= age
    ) AS readings
    """,
    f"""
    INSERT INTO outcomes (decision_id, account, {_COUNTERS}, engagement_rate, followers_gained_low, followers_gained,
                          followers_gained_high, collected_at, source)
    SELECT decision_id, :account, {_COUNTERS},
           (likes + reposts + replies + quotes + bookmarks)::double precision / NULLIF(views, 0),
           CASE WHEN is_old THEN 0 END, CASE WHEN is_old THEN 0.5 END, CASE WHEN is_old THEN 1 END,
           moment, CASE WHEN moment IS NOT NULL THEN 'metrics_scraper' END
    FROM (
        SELECT {_DECISION} AS decision_id, post < :posts - 2 * {POSTS_A_DAY} AS is_old,
               {_POSTED_AT} + age * CAST(:apart AS interval) + place * interval '1 second' AS moment, counted.*
        FROM {_POSTS} LEFT JOIN LATERAL (
            SELECT age, place FROM {_AGES} WITH ORDINALITY AS ages (age, place)
            WHERE post + age < :posts ORDER BY age DESC LIMIT 1
        ) AS last ON true
        CROSS JOIN LATERAL (SELECT {_COUNTED.format(age="age")}) AS counted ({_COUNTERS})
    ) AS last_looks
    """,
    f"""
    INSERT INTO owed_checkpoints (decision_id, account, checkpoint_hours, due_at)
    SELECT {_DECISION}, :account, hours, {_POSTED_AT} + hours * interval '1 hour'
    FROM generate_series(:posts - {POSTS_A_DAY}, :posts - 1) AS post CROSS JOIN unnest(ARRAY[2, 12, 24]) AS hours
    """,
    f"""
    INSERT INTO post_velocity_tracking (decision_id, account, checkpoint_hours, status, observed_at, age_seconds,
                                        late_seconds, {_COUNTERS}, views_per_hour, likes_per_hour)
    SELECT {_DECISION}, :account, hours, 'on_time', {_POSTED_AT} + hours * interval '1 hour' + interval '1 minute',
           hours * 3600 + 60, 60, {_COUNTED.format(age="hours")}, 40.5, 0.8
    FROM generate_series(0, :posts - {POSTS_A_DAY} - 1) AS post CROSS JOIN unnest(ARRAY[2, 12, 24]) AS hours
    """,
    f"""
    INSERT INTO post_follower_tracking (decision_id, account, checkpoint_hours, observed_at, followers, attributed_low,
                                        attributed, attributed_high)
    SELECT {_DECISION}, :account, hours, {_POSTED_AT} + hours * interval '1 hour', 2000 + post / 50, 0, hours / 96.0,
           hours / 48.0
    FROM generate_series(0, :posts - 2 * {POSTS_A_DAY} - 1) AS post CROSS JOIN unnest(ARRAY[0, 2, 24, 48]) AS hours
    """,
)
