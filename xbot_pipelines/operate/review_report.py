"""The replies that wait, as lines for a person and as JSON for programs: times in UTC, spans in seconds.

How a person is shown one after the other lies in `review_screen`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from xbot_pipelines.operate.happenings import shortened
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.review import WaitingReply
from xbot_pipelines.systems.by_hand import address_to_send
from xbot_pipelines.systems.pricing import link_warning
from xbot_pipelines.text.escape import for_json, for_terminal, for_terminal_line
from xbot_pipelines.x.text import weighted_length

COUNTED = ("views", "likes", "reposts", "replies", "quotes", "bookmarks")


def short_id(reply: WaitingReply) -> str:
    """The beginning of an id by which a person calls a reply."""
    return str(reply.decision_id)[:8]


def expiry(reply: WaitingReply, *, now: datetime) -> str:
    """Until when a reply may be sent."""
    if reply.expires_at is None:
        return "does not expire"
    return f"expires in {in_words(reply.expires_at - now)} ({reply.expires_at:%H:%M} UTC)"


def as_lines(waiting: Sequence[WaitingReply], settings: Settings, *, now: datetime) -> str:
    """What a person reads: three lines for each reply, and one more for one that is dear, or to be sent by hand."""
    return "\n".join(_lines(reply, settings, now) for reply in waiting) or "nothing waits for you"


def as_json(waiting: Sequence[WaitingReply], settings: Settings, *, now: datetime) -> str:
    """What a program reads: a list of objects. What is unknown is null; no character of it moves a terminal."""
    return for_json([_plain(reply, settings, now) for reply in waiting], indent=2)


def _lines(reply: WaitingReply, settings: Settings, now: datetime) -> str:
    found = reply.opportunity
    by_hand = address_to_send(settings, reply)
    warning = _link_warning(reply, settings)
    about = [expiry(reply, now=now)]
    if found is not None:
        about += ["addressed us"] * found.addressed_us + [f"score {found.score:.2f}"]
    author = for_terminal_line(reply.target.author_handle)
    return "\n".join(
        [
            f"{short_id(reply)}  {', '.join(about)}",
            f"          @{author}: «{shortened(for_terminal(reply.target.text))}»",
            f"          our reply: «{shortened(for_terminal(reply.text))}»",
            *([f"          {warning}"] if warning else []),
            *([f"          to be sent by hand: {by_hand}"] if by_hand else []),
        ]
    )


def _link_warning(reply: WaitingReply, settings: Settings) -> str | None:
    """What its link costs; nothing where a person sends it."""
    by_hand = address_to_send(settings, reply) is not None
    return None if by_hand else link_warning(reply.text, is_reply=True, profile=settings.profile)


def _plain(reply: WaitingReply, settings: Settings, now: datetime) -> dict[str, Any]:
    found = reply.opportunity
    author = asdict(found.author) if found is not None else {}
    return {
        "id": str(reply.decision_id),
        "text": reply.text,
        "weighted_length": weighted_length(reply.text),
        "quality": reply.quality,
        "reason": reply.reason,
        "link_warning": _link_warning(reply, settings),
        "by_hand": address_to_send(settings, reply),
        "written_at": reply.written_at.isoformat(),
        "expires_at": None if reply.expires_at is None else reply.expires_at.isoformat(),
        "expires_in_seconds": None if reply.expires_at is None else (reply.expires_at - now).total_seconds(),
        "target": {
            "id": reply.target.post_id,
            "text": reply.target.text,
            "author": {
                "handle": reply.target.author_handle,
                "followers": reply.target.author_followers,
                **{name: author.get(name) for name in ("id", "name", "bio")},
            },
            "posted_at": None if found is None else found.posted_at.isoformat(),
            "age_seconds": None if found is None else (now - found.posted_at).total_seconds(),
            **{name: getattr(found, name, None) for name in COUNTED},
        },
        "addressed_us": None if found is None else found.addressed_us,
        "subject": None if found is None else found.subject,
        "score": None if found is None else found.score,
        "score_parts": None if found is None else dict(found.score_parts),
    }
