"""The account: what stops it, what waits for a person, and what in its file makes no sense together."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.models import AttemptState, FeedState
from xbot_pipelines.operate.control import A_PERSON
from xbot_pipelines.operate.doctor.database import NOT_RUNNING, not_begun
from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, fault, fine, not_looked_at, warning
from xbot_pipelines.operate.errors import CannotRun, WrongX
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.operate.tables import account_tables, open_tables
from xbot_pipelines.settings import SECRETS, Approval, Caps, Settings, account_file
from xbot_pipelines.store import publishing
from xbot_pipelines.store.account import AccountState, state_of
from xbot_pipelines.store.alerts import PAUSED, PUBLISHING_STOPPED, open_alerts
from xbot_pipelines.store.database import AccountDatabase

_UNKNOWN_FOR = timedelta(minutes=30)
_LIKE_A_KEY = re.compile(r"\bsk-[A-Za-z0-9_-]{20,}|://[^\s/:@]+:[^\s/@]+@")
# Shorter is no secret of anybody's, but a word such as the practice model's key.
_SHORTEST_SECRET = 12
_HOURS_A_DAY, _MINUTES_AN_HOUR = 24, 60
_FEED_SECONDS = 6.0
_READING_SECONDS = 2


def account_may_act(patient: Patient) -> Findings:
    """Whether anything stops the account, or waits for a person."""
    if not_begun(patient):
        yield not_looked_at("account", f"the database says what stops it, and {NOT_RUNNING}")
        return
    try:
        with open_tables(patient.settings) as database:
            yield from _standing(state_of(database), patient)
            yield from _alerts(database)
            yield from _unknown(database, patient)
    except CannotRun:
        yield not_looked_at("account", "the database says what stops it, and does not answer")


def _standing(state: AccountState, patient: Patient) -> Iterator[Finding]:
    now = patient.clock.now()
    if (stopped := state.standstill(now)) is None and (stopped := state.posting_standstill(now)) is None:
        yield fine("account", "nothing stops it")
    elif not state.needs_resuming:
        yield warning("account", stopped, to_do="wait: it goes on by itself")
    elif state.paused_by == A_PERSON.actor:
        yield warning("account", stopped, to_do="`xbot resume` lets it go on")
    else:
        yield fault("account", stopped, to_do="put that right, and then `xbot resume`")


def _alerts(database: AccountDatabase) -> Iterator[Finding]:
    for alert in open_alerts(database):
        # These are told above, with what ends them.
        if alert.cause not in {PAUSED, PUBLISHING_STOPPED}:
            since = f"{alert.opened_at:%Y-%m-%d %H:%M} UTC"
            yield fault("alert", f"{alert.sentence} (since {since})", to_do="it closes by itself once that is over")


def _unknown(database: AccountDatabase, patient: Patient) -> Iterator[Finding]:
    old = [
        attempt
        for attempt in publishing.open_attempts(database)
        if attempt.state == AttemptState.UNKNOWN and patient.clock.now() - attempt.began_at > _UNKNOWN_FOR
    ]
    for attempt in old:
        age = in_words(patient.clock.now() - attempt.began_at)
        yield warning(
            "open attempt",
            f"since {age} nobody knows whether decision {attempt.decision_id} is on X",
            to_do="look at the account's own timeline on X; posting settles it as soon as it can read that itself",
        )


def account_is_of_its_x(patient: Patient) -> Findings:
    """Whether what is saved for the account, its login and its rows, belongs to the X that its file names."""
    settings = patient.settings
    try:
        with account_tables(settings):
            pass
    except WrongX as other:
        yield fault("which X", str(other), to_do="do one of the two before anything else: docs/real-account.md")
        return
    except CannotRun:
        pass  # told of the database
    api = f", its API at {settings.api_url}" if settings.profile.transport == "api" else ""
    yield fine("which X", f"{'practice X' if settings.is_practice else 'X itself'}: {settings.x_url}{api}")


def caps_make_sense(patient: Patient) -> Findings:
    """Whether what may be published in an hour and in a day go together."""
    odd = list(odd_caps(patient.settings.profile.caps))
    yield from odd
    if not odd:
        caps = patient.settings.profile.caps
        yield fine("caps", f"at most {caps.posts_per_day} posts and {caps.replies_per_day} replies a day")


def odd_caps(caps: Caps) -> Iterator[Finding]:
    """Answers the caps that can never be reached, or let nothing through."""
    per_kind = {
        "posts": (caps.posts_per_hour, caps.posts_per_day),
        "replies": (caps.replies_per_hour, caps.replies_per_day),
    }
    for kind, (per_hour, per_day) in per_kind.items():
        if 0 in {per_hour, per_day}:
            yield warning(
                "caps",
                f"no {kind} are published: a cap of theirs is 0",
                to_do=f"set caps.{kind}_per_day if you want any",
            )
        elif per_hour > per_day:
            yield warning(
                "caps",
                f"{per_hour} {kind} an hour, but only {per_day} a day",
                to_do=f"let caps.{kind}_per_hour be at most caps.{kind}_per_day",
            )
        elif per_hour * _HOURS_A_DAY < per_day:
            yield warning(
                "caps",
                f"{per_day} {kind} a day are never reached with {per_hour} an hour",
                to_do=f"let caps.{kind}_per_day be at most {per_hour * _HOURS_A_DAY}",
            )
    together = caps.posts_per_hour + caps.replies_per_hour
    room = _MINUTES_AN_HOUR // caps.minimum_gap_minutes if caps.minimum_gap_minutes else together
    if room < together:
        yield warning(
            "caps",
            f"{together} publications an hour have no room with {caps.minimum_gap_minutes} min between any two",
            to_do=f"let the two hourly caps be {room} together, or caps.minimum_gap_minutes be less",
        )


def file_has_no_secrets(patient: Patient) -> Findings:
    """Whether the account's file, which is shared and committed, has a secret in it (F28)."""
    file = account_file(patient.environ, patient.settings.account)
    yield secrets_in(file, list(_secrets(patient.settings)))


def _secrets(settings: Settings) -> Iterator[str]:
    for field in sorted(SECRETS):
        match getattr(settings, field):
            case SecretStr() as secret:
                yield secret.get_secret_value()
            case tuple() as several:
                yield from (secret.get_secret_value() for secret in several)


def secrets_in(file: Path, secrets: list[str]) -> Finding:
    """Says whether a file holds one of these secrets, or something that looks like one. It is not repeated."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if any(secret in line for secret in secrets if len(secret) >= _SHORTEST_SECRET) or _LIKE_A_KEY.search(line):
            return fault(
                "account file",
                f"{file}, line {number}, has a secret in it, or what looks like one",
                to_do="take it out, put it into the environment, and replace the key if the file was ever shared",
            )
    return fine("account file", f"{file} has no secrets in it")


def feeds_answer(patient: Patient) -> Findings:
    """Whether each feed can be read. One that cannot costs news, and nothing else."""
    feeds = patient.settings.profile.feeds
    if not feeds:
        return
    from xbot_pipelines.feeds.apart import read_apart
    from xbot_pipelines.feeds.fetching import FeedFetcher, Limits

    fetcher = FeedFetcher(feeds, clock=patient.clock, limits=Limits(seconds=_FEED_SECONDS))

    def read(feed: str) -> Finding | None:
        try:
            found = fetcher.fetch(FeedState(url=feed))
            # A web page answers as well, and is no feed.
            read_apart(
                found.content or b"",
                url=feed,
                address=found.address,
                content_type=found.content_type,
                seconds=_READING_SECONDS,
            )
        except FeedFailed as failure:
            return warning("feed", str(failure), to_do="correct it in `feeds`, or take it out")
        return None

    with ThreadPoolExecutor(max_workers=len(feeds)) as side_by_side:
        failed = [found for found in side_by_side.map(read, feeds) if found]
    yield from failed
    if len(failed) < len(feeds):
        yield fine("feeds", f"{len(feeds) - len(failed)} of {len(feeds)} can be read")


def account_is_of_its_owner(patient: Patient) -> Findings:
    """Report what its owner decided: whether posts are sent, what waits for approval, whether X's rules are known."""
    settings, profile = patient.settings, patient.settings.profile
    there = patient.clock.now().astimezone(profile.timezone)
    yield fine("timezone", f"{profile.timezone}: it is {there:%H:%M} for the account now")
    if profile.publishing.dry_run:
        yield fine("dry run", "on: what would be sent is shown in the runs of posting, and nothing is sent")
    else:
        yield fine("dry run", "off: what is due is published")
    yield fine("approval", _APPROVAL[profile.publishing.approval])
    for notice in settings.notices:
        yield warning("account file", notice, to_do="docs/publishing.md tells what each value means")
    if settings.is_practice or profile.transport == "api":
        return
    if (missing := settings.lacks_acknowledgement) is not None:
        yield fault("X's rules", missing, to_do="better take the API, which X permits: docs/real-account.md")
    else:
        yield fine("X's rules", "you have said that you know them")


_APPROVAL: dict[Approval, str] = {
    "everyone": "every post and reply waits for `xbot review`",
    "replies": "every reply and every post made from news waits for `xbot review`",
    "nobody": "no post or reply waits for a person",
}
