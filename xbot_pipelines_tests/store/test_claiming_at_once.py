"""Several who claim at the same moment: each decision once, and together within the quotas."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID

from sqlalchemy import func, select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Attempt, DecisionType, Draft
from xbot_pipelines.settings import AccountSettings, Caps
from xbot_pipelines.store.claiming import claim_next
from xbot_pipelines.store.database import AccountDatabase, open_engine
from xbot_pipelines.store.schema import content_metadata
from xbot_pipelines_tests.store.given import BY, profile, queued, reply, single


def test_f03_forty_decisions_claimed_by_four_at_once_are_each_claimed_once(
    database: AccountDatabase, database_url: str, clock: ManualClock
) -> None:
    waiting = _forty(database, clock.now())

    attempts = _claim_by_four(database_url, profile(), clock.now())

    assert len(attempts) == 40
    assert {attempt.decision_id for attempt in attempts} == waiting
    assert all(attempt.number == 1 for attempt in attempts)


def test_f04_four_who_claim_at_once_stay_within_the_quotas_together(
    database: AccountDatabase, database_url: str, clock: ManualClock
) -> None:
    waiting = _forty(database, clock.now())
    caps = Caps(posts_per_hour=3, posts_per_day=9, replies_per_hour=9, replies_per_day=5, minimum_gap_minutes=0)

    attempts = _claim_by_four(database_url, profile(caps), clock.now())

    kinds = [attempt.decision_type for attempt in attempts]
    assert (kinds.count(DecisionType.SINGLE), kinds.count(DecisionType.REPLY)) == (3, 5)
    assert {attempt.decision_id for attempt in attempts} < waiting
    with database.transaction() as connection:
        statuses = connection.execute(
            select(content_metadata.c.status, func.count()).group_by(content_metadata.c.status)
        )
        assert {status: number for status, number in statuses} == {"posting": 8, "queued": 32}  # noqa: C416


def test_f04_of_four_who_claim_at_once_one_gets_through_the_gap(
    database: AccountDatabase, database_url: str, clock: ManualClock
) -> None:
    _forty(database, clock.now())

    assert len(_claim_by_four(database_url, profile(Caps(minimum_gap_minutes=1)), clock.now())) == 1


def _forty(database: AccountDatabase, at: datetime) -> set[UUID]:
    drafts: list[Draft] = [
        draft for number in range(20) for draft in (single(f"{number}"), reply(f"{number}", to=f"ada_{number}"))
    ]
    return {queued(database, draft, at=at) for draft in drafts}


def _claim_by_four(url: str, account: AccountSettings, now: datetime) -> list[Attempt]:
    """Four who know nothing of each other claim until nothing is left to them."""
    together = Barrier(4)

    def claim_until_nothing_is_left() -> list[Attempt]:
        engine = open_engine(url)
        mine: list[Attempt] = []
        together.wait()
        while isinstance(attempt := claim_next(AccountDatabase(engine, "practice"), account, now=now, by=BY), Attempt):
            mine.append(attempt)
        engine.dispose()
        return mine

    with ThreadPoolExecutor(4) as pool:
        claiming = [pool.submit(claim_until_nothing_is_left) for _ in range(4)]
        return [attempt for claims in claiming for attempt in claims.result()]
