"""Asset checks as Dagster executes them: what each says of an account that is well, and of one that is not."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import dagster as dg
import pytest
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy
from sqlalchemy import text

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.definitions import defs
from xbot_pipelines.models import CheckpointStatus, Counters
from xbot_pipelines.orchestration.checks import CHECKS
from xbot_pipelines.orchestration.freshness import FRESH_WHEN_THERE_IS_WORK, fresh
from xbot_pipelines.orchestration.location import ACCOUNT
from xbot_pipelines.orchestration.resources import RESOURCES
from xbot_pipelines.orchestration.timetable import TIMETABLE, Turn
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.checkpoints import Checkpoint, due_checkpoints, save_checkpoints
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.promises import STUCK_AFTER
from xbot_pipelines_tests.history import Past, record_past
from xbot_pipelines_tests.store.given import claimed, read, reading, single

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN

ATTACHED = {
    "every_post_has_an_outcome": "outcomes",
    "one_post_per_decision": "posted_decisions",
    "nothing_is_stuck": "posted_decisions",
    "counters_are_plausible": "tweet_metrics",
    "counters_do_not_fall": "tweet_metrics",
    "checkpoints_are_complete": "post_velocity_tracking",
    "collection_rate": "post_velocity_tracking",
}
WITH_CHECKS = dg.Definitions.merge(
    defs, dg.Definitions(jobs=[dg.define_asset_job("all_checks", selection=dg.AssetSelection.all_asset_checks())])
)

Look = Callable[[], Mapping[str, dg.AssetCheckEvaluation]]


class Account:
    """An account with two posts, each with an outcome, a reading, and its checkpoint of two hours read in time."""

    def __init__(self, database: AccountDatabase, clock: ManualClock) -> None:
        self.database, self.clock = database, clock
        now = clock.now()
        self.posts = [
            Past(tweet_id=f"190000000000000010{number}", text=f"Post {number}.", posted_at=now - ages * HOUR)
            for number, ages in enumerate((4, 3))
        ]
        record_past(database, self.posts)
        for post in self.posts:
            read(database, reading(post.tweet_id, post.posted_at + HOUR, Counters(views=20, likes=2)))
        self.takes_checkpoints()

    def takes_checkpoints(self, *, late: bool = False) -> None:
        """Records every checkpoint that is due."""
        now = self.clock.now()
        due = due_checkpoints(self.database, now=now, since=now - 99 * DAY, until=now)
        status = CheckpointStatus.LATE if late else CheckpointStatus.ON_TIME
        rows = [Checkpoint(post=one.post, hours=one.hours, status=status, observed_at=one.due_at) for one in due]
        save_checkpoints(self.database, rows)

    def has_another_post(self) -> None:
        """Lets it have published once more, three hours ago; nobody has read that post."""
        moment = self.clock.now() - 3 * HOUR
        record_past(self.database, [Past(tweet_id="1900000000000000109", text="One more.", posted_at=moment)])

    def by_hand(self, statement: str) -> None:
        """Changes rows past every function of the store."""
        with self.database.transaction() as connection:
            connection.execute(text(statement))


@pytest.fixture
def account(database: AccountDatabase, clock: ManualClock) -> Account:
    """An account that is well."""
    return Account(database, clock)


@pytest.fixture
def look(settings: Settings, database: AccountDatabase, clock: ManualClock) -> Iterator[Look]:
    """Executes all checks, and answers what each has said by its name."""
    resources = {**RESOURCES, "settings": settings, "database": database, "clock": clock}
    with dg.DagsterInstance.ephemeral() as instance:

        def execute() -> Mapping[str, dg.AssetCheckEvaluation]:
            ran = WITH_CHECKS.resolve_job_def("all_checks").execute_in_process(instance=instance, resources=resources)
            return {said.check_name: said for said in ran.get_asset_check_evaluations()}

        yield execute


@pytest.mark.usefixtures("account")
def test_an_account_that_is_well_passes_every_check(look: Look) -> None:
    said = look()
    assert set(said) == set(ATTACHED)
    assert all(one.passed for one in said.values())
    assert shown(said["every_post_has_an_outcome"]) == {"posts without an outcome": 0}
    assert shown(said["collection_rate"]) == {
        "on time": 2,
        "late": 0,
        "missed because the post was gone": 0,
        "owed": 0,
        "collection rate": 1.0,
    }


def test_an_account_that_has_published_nothing_passes_every_check(look: Look) -> None:
    said = look()
    assert all(one.passed for one in said.values())
    assert shown(said["collection_rate"])["collection rate"] == "nothing fell due"


def loses_an_outcome(account: Account) -> None:
    account.by_hand("DELETE FROM outcomes WHERE decision_id = (SELECT decision_id FROM posted_decisions LIMIT 1)")


def loses_a_decision(account: Account) -> None:
    account.by_hand(
        "UPDATE content_metadata SET status = 'queued' "
        "WHERE decision_id = (SELECT decision_id FROM posted_decisions ORDER BY posted_at LIMIT 1)"
    )


def leaves_an_attempt(account: Account) -> None:
    began_at = account.clock.now() - STUCK_AFTER - MINUTE
    claimed(account.database, single("Left on its way."), at=began_at)


def counts_what_cannot_be(account: Account) -> None:
    read(account.database, reading(account.posts[0].tweet_id, account.clock.now(), Counters(views=30, likes=31)))


def counts_less_than_before(account: Account) -> None:
    read(account.database, reading(account.posts[0].tweet_id, account.clock.now(), Counters(views=15, likes=2)))


@pytest.mark.parametrize(
    ("what", "check", "severity", "where", "row"),
    [
        (loses_an_outcome, "every_post_has_an_outcome", ERROR, "posts without an outcome", "tweet_id"),
        (loses_a_decision, "one_post_per_decision", ERROR, "decisions with other than one post", "tweet_id"),
        (leaves_an_attempt, "nothing_is_stuck", ERROR, "on their way for more than half an hour", "state"),
        (counts_what_cannot_be, "counters_are_plausible", ERROR, "implausible readings", "likes"),
        (counts_less_than_before, "counters_do_not_fall", WARN, "readings in which a counter fell", "views"),
    ],
)
def test_what_breaks_a_promise_fails_its_check_and_no_other_and_is_shown_row_by_row(
    look: Look,
    account: Account,
    what: Callable[[Account], None],
    check: str,
    severity: dg.AssetCheckSeverity,
    where: str,
    row: str,
) -> None:
    what(account)
    said = look()
    assert [name for name, one in said.items() if not one.passed] == [check]
    assert said[check].severity == severity
    table = said[check].metadata[where]
    assert isinstance(table, dg.TableMetadataValue)
    [record] = table.records
    assert record.data[row]


def test_a_checkpoint_that_is_owed_past_its_tolerance_is_an_error_and_lowers_the_rate(
    look: Look, account: Account
) -> None:
    account.has_another_post()
    said = look()
    assert [name for name, one in said.items() if not one.passed] == ["checkpoints_are_complete", "collection_rate"]
    complete, rate = said["checkpoints_are_complete"], said["collection_rate"]
    assert (complete.severity, rate.severity) == (ERROR, ERROR)
    assert (shown(complete)["owed"], shown(rate)["collection rate"]) == (1, 0.6667)


def test_a_checkpoint_that_was_read_late_is_a_warning_and_counts_as_read(look: Look, account: Account) -> None:
    account.has_another_post()
    account.takes_checkpoints(late=True)
    said = look()
    assert [name for name, one in said.items() if not one.passed] == ["checkpoints_are_complete"]
    assert said["checkpoints_are_complete"].severity == WARN
    assert (shown(said["collection_rate"])["late"], shown(said["collection_rate"])["collection rate"]) == (1, 1.0)


def test_a_checkpoint_is_asked_about_only_when_its_tolerance_is_over(
    look: Look, account: Account, settings: Settings, clock: ManualClock
) -> None:
    tolerance = settings.profile.checkpoint_tolerance
    moment = clock.now() - 2 * HOUR - tolerance
    record_past(account.database, [Past(tweet_id="1900000000000000109", text="One more.", posted_at=moment)])
    assert look()["checkpoints_are_complete"].passed
    clock.advance(timedelta(seconds=1))
    assert not look()["checkpoints_are_complete"].passed


def test_the_rate_is_of_one_day_and_completeness_of_seven(
    look: Look, database: AccountDatabase, clock: ManualClock
) -> None:
    moments = [clock.now() - 3 * DAY, clock.now() - 9 * DAY]
    past = [
        Past(tweet_id=f"190000000000000011{number}", text=f"Old {number}.", posted_at=moment)
        for number, moment in enumerate(moments)
    ]
    record_past(database, past)
    said = look()
    assert shown(said["checkpoints_are_complete"])["owed"] == 3
    assert shown(said["collection_rate"])["owed"] == 0


WHEN_THERE_IS_WORK = {
    "content_metadata",
    "post_velocity_tracking",
    "post_analytics",
    "received_replies",
    "learned_arms",
}
"""How often these are written is decided by what is due, and not by the timetable."""

by_turn = pytest.mark.parametrize("turn", TIMETABLE, ids=lambda turn: turn.job)


def test_every_check_is_attached_to_the_asset_whose_promise_it_is() -> None:
    assert {key.name: key.asset_key for check in CHECKS for key in check.check_keys} == {
        name: dg.AssetKey([ACCOUNT, asset]) for name, asset in ATTACHED.items()
    }


@by_turn
def test_a_run_that_writes_an_asset_looks_at_its_promises(turn: Turn) -> None:
    written = {key.path[-1] for key in written_by(turn)}
    looked_at = {key.name for key in defs.resolve_job_def(turn.job).asset_layer.asset_graph.asset_check_keys}
    assert looked_at == {name for name, asset in ATTACHED.items() if asset in written}


@by_turn
def test_an_asset_has_to_be_as_fresh_as_a_turn_that_writes_it_keeps_it(turn: Turn) -> None:
    for key in written_by(turn):
        policy = defs.resolve_assets_def(key).get_asset_spec(key).freshness_policy
        if key.path[-1] in WHEN_THERE_IS_WORK:
            assert policy == FRESH_WHEN_THERE_IS_WORK
        elif key.path[-1] != "posted_decisions":  # an asset that is a graph can have none
            assert policy in [fresh(other.job) for other in TIMETABLE if key in written_by(other)], key


@by_turn
def test_one_turn_may_be_passed_over_without_a_word_and_not_a_day(turn: Turn) -> None:
    policy = fresh(turn.job)
    assert isinstance(policy, TimeWindowFreshnessPolicy)
    assert policy.warn_window is not None
    warn, fail = policy.warn_window.to_timedelta(), policy.fail_window.to_timedelta()
    assert turn.longest_distance < warn < fail <= max(DAY, 4 * turn.longest_distance)


def written_by(turn: Turn) -> set[dg.AssetKey]:
    """The assets that the job of a turn materializes."""
    return set(defs.resolve_job_def(turn.job).asset_layer.selected_asset_keys)


def shown(said: dg.AssetCheckEvaluation) -> dict[str, object]:
    """The metadata of a check, as plain values."""
    return {name: value.value for name, value in said.metadata.items()}
