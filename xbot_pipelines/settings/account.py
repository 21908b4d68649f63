"""What `accounts/<name>.toml` can say of an account: its sections and keys, and what each is if nothing is said."""

from datetime import date, timedelta
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from xbot_pipelines.settings.values import (
    Days,
    Dollars,
    Feeds,
    Handle,
    Hours,
    Language,
    NotNegative,
    Positive,
    Text,
    Words,
)

_ANGLES = ("common mistake", "small experiment", "why it matters", "myth and fact", "personal routine", "how to start")
_TONES = ("warm", "plain", "playful", "direct")
_FORMATS = ("single sentence", "short list", "mini story", "question and answer")
_HOOKS = ("question", "surprising contrast", "number", "confession", "direct statement")


Transport = Literal["browser", "api"]
"""The two ways to X."""

Approval = Literal["everyone", "replies", "nobody"]
"""Whose content waits for a person before it is published."""

XSite = Literal["practice", "x.com"]
"""Which X an account belongs to: practice X on this machine, or X itself."""


class Frozen(BaseModel):
    """What never changes, and repeats nothing that was found in it."""

    # hide_input_in_errors: pydantic would put what it found, a secret perhaps, into its messages (F28).
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Caps(Frozen):
    """How much may be published, per kind; counted over attempts that are not proven absent (F04).

    `minimum_gap_minutes` is the least time between any two publications of the account. A day is a day of the
    account's own timezone.
    """

    posts_per_hour: NotNegative = 2
    posts_per_day: NotNegative = 48
    replies_per_hour: NotNegative = 4
    replies_per_day: NotNegative = 40
    minimum_gap_minutes: NotNegative = 5


class ModelSettings(Frozen):
    """Which language model writes, and what it may cost. Prices are USD per million tokens.

    `temperature` None leaves it to the model: reasoning models refuse the parameter.
    """

    name: Text = "gpt-5-mini"
    temperature: Annotated[float, Field(strict=True, ge=0, le=2)] | None = None
    daily_budget_usd: Dollars = 1.0
    prompt_price_usd: Dollars = 0.25
    completion_price_usd: Dollars = 2.0


_Acknowledged = Literal["I know that X forbids scripting its site and may suspend the account for good"]
ACKNOWLEDGEMENT: _Acknowledged = get_args(_Acknowledged)[0]
"""What an account's owner writes into its file, word for word."""


class BrowserSettings(Frozen):
    """What its owner says of driving X's own site by a browser; without it nothing is asked of that site."""

    acknowledged: _Acknowledged | None = None


class PublishingSettings(Frozen):
    """Whether posts and replies are sent, and which of them wait for a person first.

    `dry_run` does everything but the click. It is on until a person switches it off. `approval` says what waits for
    `xbot review`: "everyone" is every post and reply, "replies" is what answers somebody or uses text from outside, and
    "nobody" is nothing. On practice X the default is "nobody", which is refused anywhere else (`settings.approval`).
    """

    dry_run: Annotated[bool, Field(strict=True)] = True
    approval: Approval = "everyone"


class ReplySettings(Frozen):
    """Whom the account answers.

    `approval` is an old key: `PublishingSettings.approval` replaces it. A post is answered up to `fresh_hours` after it
    was published. An author with fewer than `least_followers` or more than `most_followers` is left out; one whose
    number is not known is not. Of what is found at one turn the best `opportunities_a_turn` are kept, and
    `drafts_a_turn` of those are drafted.
    """

    approval: Literal["strangers", "everyone", "nobody"] | None = None
    fresh_hours: Positive = 3
    least_followers: NotNegative = 10
    most_followers: NotNegative = 500_000
    opportunities_a_turn: NotNegative = 20
    drafts_a_turn: NotNegative = 4

    @property
    def fresh_for(self) -> timedelta:
        """How long a post is answered, from when it was published."""
        return timedelta(hours=self.fresh_hours)


class ApiSettings(Frozen):
    """What X's official API may cost in a month of UTC: once it is spent, nothing more is asked of X.

    It is for accounts whose transport it is.
    """

    monthly_budget_usd: Dollars = 10.0


class RetentionSettings(Frozen):
    """For how many days is kept what only a person would look at: runs from when they ended, files from when written.

    A run that went well tells little after a while; one that failed, or was canceled, longer.
    """

    good_runs_days: Days = 14
    failed_runs_days: Days = 60
    files_days: Days = 60

    @property
    def good_runs_for(self) -> timedelta:
        """How long a run that went well is kept."""
        return timedelta(days=self.good_runs_days)

    @property
    def failed_runs_for(self) -> timedelta:
        """How long a run that failed or was canceled is kept."""
        return timedelta(days=self.failed_runs_days)

    @property
    def files_for(self) -> timedelta:
        """How long logs and reports are kept."""
        return timedelta(days=self.files_days)


class AccountSettings(Frozen):
    """One account, as its file `accounts/<name>.toml` describes it.

    `started_on` is the first UTC day of the account's history, the first partition of what is kept by day.
    `x` is the X that it belongs to, for good; `transport` is the way there: a browser that is logged in, or X's
    official API.
    `checkpoints_hours` are the ages at which a reading of each post is owed, and one that is taken more than
    `checkpoint_tolerance_minutes` after that is called late.
    """

    handle: Handle
    x: XSite = "practice"
    transport: Transport = "browser"
    timezone: ZoneInfo
    persona: Text
    subjects: Words
    language: Language = "en"
    angles: Words = _ANGLES
    tones: Words = _TONES
    formats: Words = _FORMATS
    hooks: Words = _HOOKS
    feeds: Feeds = ()
    caps: Caps = Caps()
    replies: ReplySettings = ReplySettings()
    checkpoints_hours: Hours = (2, 12, 24)
    checkpoint_tolerance_minutes: NotNegative = 5
    model: ModelSettings = ModelSettings()
    started_on: date = date(2026, 1, 1)
    publishing: PublishingSettings = PublishingSettings()
    browser: BrowserSettings = BrowserSettings()
    api: ApiSettings = ApiSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def checkpoint_tolerance(self) -> timedelta:
        """How long after its moment a checkpoint still counts as taken in time."""
        return timedelta(minutes=self.checkpoint_tolerance_minutes)
