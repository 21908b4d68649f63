"""`xbot review` and `xbot optout`: what a person decides about replies. Each answers the sentence that they are shown.

How the replies are shown lies in `review_report` and `review_screen`, how a decision is kept in `store.review`.
"""

import getpass
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.gates.drafts import objections
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.settings import Settings
from xbot_pipelines.store import review
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.review import NotWaiting, WaitingReply
from xbot_pipelines.systems import by_hand, opting_out
from xbot_pipelines.systems.replying import recent_replies
from xbot_pipelines.text.escape import for_terminal_line


def this_person() -> Provenance:
    """Who sits before the terminal, by the name that the machine knows them by."""
    try:
        return Provenance(actor=f"person:{getpass.getuser()}")
    except (KeyError, OSError, ImportError):
        # A container may run us under a number that has no name.
        return Provenance(actor="person")


def demand_one(*, approve: str | None, reject: str | None, reason: str | None, text: str | None, shows: bool) -> None:
    """Makes sure that what was typed says one thing.

    Raises:
        CannotRun: it says two, or only half of one.
    """
    if (approve is not None) + (reject is not None) + shows > 1:
        raise CannotRun("of --approve, --reject and --list or --json only one can be followed at a time")
    if reject is None and reason is not None:
        raise CannotRun("--reason says why a reply is rejected: type --reject ID with it")
    if approve is None and text is not None:
        raise CannotRun("--text says what is sent in place of a draft: type --approve ID with it")


def the_one_meant(database: AccountDatabase, typed: str) -> WaitingReply:
    """Answers the waiting reply whose id begins with what somebody typed.

    Raises:
        CannotRun: there is none, it does not wait any more, or there are several.
    """
    beginning = typed.strip().lower().replace("-", "")
    if not re.fullmatch(r"[0-9a-f]{1,32}", beginning):
        raise CannotRun(f"{typed!r} is no id of a reply, nor the beginning of one: `xbot review --list` shows them")
    found = review.ids_beginning_with(database, beginning)
    if not found:
        raise CannotRun(f"no reply has an id that begins with {typed!r}: `xbot review --list` shows what waits")
    if len(found) > 1:
        several = ", ".join(map(str, found))
        raise CannotRun(f"{typed!r} is the beginning of several ids, type more of the one that you mean: {several}")
    with _told_to_the_person():
        return review.waiting_reply(database, found[0])


def approve(
    database: AccountDatabase, settings: Settings, reply: WaitingReply, *, text: str | None = None, clock: Clock
) -> str:
    """Lets a reply be sent, with another text where a person wrote one.

    Raises:
        CannotRun: it does not wait any more, or its author asked to be left alone, or something speaks against the
            new text, or X's API does not take it. Nothing is changed.
    """
    address = by_hand.address_to_send(settings, reply, text)
    if address is not None:
        raise CannotRun(f"{by_hand.SENT_BY_HAND}. Open {address} and send it there; it is found by itself then")
    edited = reply.text if text is None or text == reply.text else text.strip()
    if edited != reply.text:
        demand_sendable(database, reply, edited, clock=clock)
    with _told_to_the_person():
        review.approve(database, reply.decision_id, text=edited, now=clock.now(), by=this_person())
    how = "approved as edited" if edited != reply.text else "approved"
    return f"{how}: posting sends it at one of its next turns"


def demand_sendable(database: AccountDatabase, reply: WaitingReply, text: str, *, clock: Clock) -> None:
    """Makes sure that a text which a person wrote may be sent as this reply: it passes the gates, as any draft.

    Raises:
        CannotRun: something speaks against it; the message says what.
    """
    # The draft itself is among them, and an edited text is like it.
    recent_texts = [recent for recent in recent_replies(database, now=clock.now()) if recent != reply.text]
    against = objections(text, recent_texts=recent_texts, allowed_mention=reply.target.author_handle)
    controls = sorted({ascii(one)[1:-1] for one in text if one != "\n" and unicodedata.category(one) in {"Cc", "Cs"}})
    if controls:
        against.append(f"it holds control characters ({', '.join(controls)})")
    if against:
        raise CannotRun(for_terminal_line(f"the new text cannot be sent: {'; '.join(against)}"))


def reject(database: AccountDatabase, reply: WaitingReply, *, reason: str | None, clock: Clock) -> str:
    """Turns a reply away for good.

    Raises:
        CannotRun: no reason is given, or it does not wait any more. Nothing is changed.
    """
    words = for_terminal_line((reason or "").strip())
    if not words:
        raise CannotRun('a rejection needs a reason, which is kept with it: --reason "…"')
    with _told_to_the_person():
        review.reject(database, reply.decision_id, reason=words, now=clock.now(), by=this_person())
    return f"rejected: {words}"


def leave_alone(database: AccountDatabase, handle: str, *, user_id: str | None = None, clock: Clock) -> str:
    """Answers somebody never again, and turns away what was written to them and not sent yet.

    Args:
        database: whose account it is.
        handle: who, with an @ in front or without.
        user_id: their id on X, where it is known: it stays theirs under another handle.
        clock: tells when.

    Raises:
        CannotRun: it is no handle.
    """
    found = re.fullmatch(r"@?([A-Za-z0-9_]{1,15})", handle.strip())
    if found is None:
        raise CannotRun(f"{handle!r} is no handle on X: it has 1 to 15 of A-Z a-z 0-9 _, with or without an @ in front")
    name, by = found.group(1).lower(), this_person()
    is_new = opting_out.leave_alone(
        database, handle=name, user_id=user_id, words=f"told by {by.actor}", now=clock.now(), by=by
    )
    since = "is left alone from now on" if is_new else "was left alone already"
    return f"@{name} {since}, and nothing waits to be sent to them"


@contextmanager
def _told_to_the_person() -> Iterator[None]:
    try:
        yield
    except NotWaiting as gone:
        # A reason that somebody else gave stands in it, and that may quote what came from X.
        raise CannotRun(for_terminal_line(str(gone))) from gone
