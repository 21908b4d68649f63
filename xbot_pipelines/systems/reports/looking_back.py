"""Looking back at a day: everything that the tables know of it, put together. Read top to bottom, it is the report."""

from datetime import date, datetime, timedelta

from xbot_pipelines.models import DecisionType
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import days, promises
from xbot_pipelines.store.checkpoints import checkpoints_of
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.followers import follower_curve
from xbot_pipelines.systems import learning
from xbot_pipelines.systems.followers import NEAR, count_near, won_between
from xbot_pipelines.systems.reports.day_report import DayReport
from xbot_pipelines.systems.reports.days import Day, day_on
from xbot_pipelines.systems.reports.sections.audience import Conversations, Followers, Opportunities
from xbot_pipelines.systems.reports.sections.believing import Beliefs
from xbot_pipelines.systems.reports.sections.comparing import COMPARED_DAYS, Comparison, compare
from xbot_pipelines.systems.reports.sections.publishing import Checkpoints, Decisions, Published
from xbot_pipelines.systems.reports.sections.running import Alerts, ModelCost

_MOST_REPLIES_SHOWN = 30
_MOST_REASONS = 5


def look_back(settings: Settings, database: AccountDatabase, on: date, *, now: datetime) -> DayReport:
    """Answers what the day of this date was in the account's timezone, and what it has come to until now."""
    profile = settings.profile
    day = day_on(on, profile.timezone)
    since, until = day.since, day.until
    published = days.posts_published(database, since=since, until=until)
    received = days.replies_received(database, since=since, until=until, most=_MOST_REPLIES_SHOWN)
    judged = days.opportunities_judged(database, since=since, until=until, most_reasons=_MOST_REASONS)
    tally = promises.tally_checkpoints(
        database,
        due_from=since,
        # What may still be read in time is not owed yet.
        due_until=max(since, min(until, now - profile.checkpoint_tolerance)),
        checkpoints_hours=profile.checkpoints_hours,
    )
    return DayReport(
        handle=profile.handle,
        x_url=settings.x_url,
        day=day,
        written_at=now,
        alerts=Alerts(alerts=days.alerts_open(database, since=since, until=until)),
        published=Published(
            day=day,
            posts=[post for post in published if post.kind == DecisionType.SINGLE],
            replies=[post for post in published if post.kind == DecisionType.REPLY],
        ),
        followers=_followers(database, day, now=now),
        checkpoints=Checkpoints(tally=tally, curves=checkpoints_of(database, since=since, until=until)),
        comparison=_comparison(database, day, hours=max(profile.checkpoints_hours)),
        beliefs=Beliefs(arms=learning.believed(database, profile)),
        conversations=Conversations(received=received),
        opportunities=Opportunities(tally=judged),
        decisions=Decisions(moved=days.decisions_moved(database, since=since, until=until)),
        model=ModelCost(
            uses=days.model_use(database, since=since, until=until),
            daily_budget_usd=profile.model.daily_budget_usd,
        ),
    )


def _followers(database: AccountDatabase, day: Day, *, now: datetime) -> Followers:
    around = follower_curve(database, since=day.since - NEAR, until=day.until + NEAR)
    first, last = count_near(around, day.since), count_near(around, day.until)
    return Followers(
        day=day,
        curve=[counted for counted in around if day.since <= counted.observed_at < day.until],
        first=first,
        last=last,
        won=won_between(database, first, last, now=now) if first is not None and last is not None else None,
    )


def _comparison(database: AccountDatabase, day: Day, *, hours: int) -> Comparison:
    first = day_on(day.date - timedelta(days=COMPARED_DAYS - 1), day.zone)
    posts = days.posts_at_checkpoint(database, hours=hours, since=first.since, until=day.until)
    return Comparison(
        hours=hours, posts=compare(posts, DecisionType.SINGLE), replies=compare(posts, DecisionType.REPLY)
    )
