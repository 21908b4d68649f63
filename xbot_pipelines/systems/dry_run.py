"""The dry run: what would be published next is brought as far as the click, and shown, once.

What is shown is no attempt, so `posting` cannot publish it; and a client that is asked to `prepare` submits nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from xbot_pipelines.clock import Clock
from xbot_pipelines.settings import AccountSettings
from xbot_pipelines.store import shown
from xbot_pipelines.store.claiming import Blocked, NothingDue
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.publishing import AuthorOptedOut
from xbot_pipelines.store.shown import Due
from xbot_pipelines.systems.posting import DRY_RUN, NotToBeAnswered, check_target
from xbot_pipelines.x.client import Prepared, XClient
from xbot_pipelines.x.walls import Gone, LayoutChanged


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What would have been sent: a decision, and either how, or why it would have been refused."""

    due: Due
    prepared: Prepared | None
    refusal: str | None = None


def next_to_show(database: AccountDatabase, profile: AccountSettings, *, now: datetime) -> Due | Blocked:
    """Answers what would be published now, unless it was shown already."""
    due = shown.next_unshown(database, profile, now=now)
    return Blocked(DRY_RUN) if isinstance(due, NothingDue) else due


def show(database: AccountDatabase, due: Due, client: Callable[[], XClient], *, clock: Clock, by: Provenance) -> Shown:
    """Makes a decision ready to be sent, as posting does, and says what would be sent. Nothing is.

    Raises:
        Wall: something stands in the way. What the text may be to blame for is not tried again.
    """
    try:
        found = _made_ready(database, due, client())
    except (Gone, NotToBeAnswered, AuthorOptedOut) as reason:
        found = Shown(due=due, prepared=None, refusal=str(reason))
    except LayoutChanged:
        shown.mark_shown(database, due, now=clock.now(), by=by)
        raise
    shown.mark_shown(database, due, now=clock.now(), by=by)
    return found


def _made_ready(database: AccountDatabase, due: Due, client: XClient) -> Shown:
    if due.target is not None:
        check_target(database, due.target, client.post(due.target.post_id))
    reply_to = due.target.post_id if due.target is not None else None
    return Shown(due=due, prepared=client.prepare(due.text, reply_to=reply_to))
