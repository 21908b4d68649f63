"""The way to X: is it reached, what proves to it who we are, and what the account's profile says of us.

X is asked one thing without a login, its robots.txt. Whose login it is, and what the profile says, is asked only of a
deep examination: it takes the account's lease for some seconds, and costs a cent at the API.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.operate.doctor.clocks import dated
from xbot_pipelines.operate.doctor.finding import Finding, Findings, Patient, fault, fine, not_looked_at, warning
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.session import probe
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.operate.tables import account_tables
from xbot_pipelines.systems.transports import proof_of
from xbot_pipelines.x.api.credentials import Keys, TokenFile
from xbot_pipelines.x.saved_session import SessionFile
from xbot_pipelines.x.session import Patience
from xbot_pipelines.x.walls import LoggedOut, Wall

_ANSWER_SECONDS = 5.0
_OLD = timedelta(days=30)
_LOG_IN = "`xbot login`"
_SAYS_SO = re.compile(r"\b(automated|automation|bot)\b", re.IGNORECASE)
_HASTE = Patience(page=8, editor=5, answer=5, toast=5)
_LABEL = "X's own label is switched on by you alone: Settings, Your account, Account information, Automation"


def x_answers(patient: Patient) -> Findings:
    """Whether X is reached from here, and whether its clock goes with ours."""
    import httpx2

    settings = patient.settings
    url = settings.api_url if settings.profile.transport == "api" else settings.x_url
    about = "practice X" if settings.is_practice else "X"
    try:
        answer = httpx2.head(f"{url}/robots.txt", timeout=_ANSWER_SECONDS, trust_env=not settings.is_practice)
    except httpx2.HTTPError as failure:
        if settings.is_practice and not patient.is_up:
            yield not_looked_at(about, "it does not run: `xbot up` starts it")
        else:
            yield fault(
                about,
                f"{url} does not answer: {str(failure) or type(failure).__name__}",
                to_do="`xbot up` starts it again"
                if settings.is_practice
                else "look at the network, proxy and firewall",
            )
        return
    yield fine(about, f"{url} answers")
    yield from dated(about, answer.headers, ours=patient.clock.now())


def login_is_saved(patient: Patient) -> Findings:
    """Whether there is what proves to X who we are, as far as a file can tell."""
    try:
        yield _session(patient) if patient.settings.profile.transport == "browser" else _tokens(patient)
    except LoggedOut as missing:
        if patient.settings.is_practice and not patient.is_up:
            yield not_looked_at("login", "none is saved yet: `xbot up` asks practice X for one")
        else:
            yield fault("login", str(missing), to_do=_LOG_IN)


def _session(patient: Patient) -> Finding:
    settings = patient.settings
    file = SessionFile(path=settings.session_file, x=settings.profile.x)
    now, cookies = patient.clock.now(), file.load()["cookies"]
    ends = next((cookie.get("expires", -1) for cookie in cookies if cookie.get("name") == "auth_token"), None)
    if ends is None:
        return fault("login", f"{file.path} holds no session of X", to_do=_LOG_IN)
    if 0 < ends <= now.timestamp():
        return fault(
            "login", f"the session has ended at {datetime.fromtimestamp(ends, UTC):%Y-%m-%d %H:%M} UTC", to_do=_LOG_IN
        )
    age = now - datetime.fromtimestamp(file.path.stat().st_mtime, UTC)
    if age > _OLD:
        return warning(
            "login",
            f"the session was saved {in_words(age)} ago, and no run has used it since",
            to_do="see whether X still takes it: `xbot doctor --deep`",
        )
    return fine("login", f"a session, saved {in_words(max(age, timedelta()))} ago")


def _tokens(patient: Patient) -> Finding:
    proof = proof_of(patient.settings)
    if isinstance(proof, Keys):
        return fine("login", "four keys in the environment, which do not end")
    return _told_of(proof, now=patient.clock.now())


def _told_of(file: TokenFile, *, now: datetime) -> Finding:
    tokens = file.load()
    ends = f"{tokens.expires_at:%Y-%m-%d %H:%M} UTC"
    if tokens.refresh_token is not None:
        return fine("login", f"tokens for X's API, good until {ends}, and then renewed")
    if tokens.expires_at <= now:
        return fault("login", f"the token for X's API has ended at {ends}, and nothing renews it", to_do=_LOG_IN)
    return warning("login", f"a token for X's API that ends at {ends}, and nothing renews it", to_do=f"{_LOG_IN} then")


def login_is_taken(patient: Patient) -> Findings:
    """Whether X takes that login for the account's, and what its profile says of us: asked of X, under the lease."""
    if not patient.is_deep:
        yield not_looked_at("login at X", "whether X takes it is asked by `xbot doctor --deep`")
        return
    try:
        with account_tables(patient.settings) as database:
            me = probe(patient.settings, database, clock=patient.clock, patience=_HASTE)
    except CannotRun as reason:
        yield not_looked_at("login at X", str(reason))
    except Wall as wall:
        yield fault("login at X", str(wall), to_do=f"put right what it says; where that is the login, {_LOG_IN}")
    else:
        yield fine("login at X", f"X knows us as @{me.handle}")
        yield from () if patient.settings.is_practice else label(me)


def label(me: ProfileSnapshot) -> Iterator[Finding]:
    """Whether a profile tells its readers that a program writes. X's own label is in no answer of X."""
    if _SAYS_SO.search(me.bio or ""):
        yield fine("label", f"the bio of @{me.handle} says that it is automated; {_LABEL}")
    else:
        yield warning(
            "label",
            f"the bio of @{me.handle} does not say that it is automated",
            to_do=f"write it there, with who runs it. {_LABEL}",
        )
