"""The drafts that wait, as lines for a person and as JSON for programs: times in UTC, spans in seconds.

How a person is shown one after the other lies in `review_screen`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from xbot_pipelines.models import NewsItem, Target
from xbot_pipelines.operate.happenings import shortened
from xbot_pipelines.operate.spans import in_words, in_zone
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.waiting import WaitingDraft
from xbot_pipelines.systems.by_hand import address_to_send
from xbot_pipelines.systems.pricing import link_warning
from xbot_pipelines.text.escape import for_json, for_terminal, for_terminal_line
from xbot_pipelines.x.text import weighted_length

COUNTED = ("views", "likes", "reposts", "replies", "quotes", "bookmarks")

_INDENT = " " * 10


def short_id(draft: WaitingDraft) -> str:
    """Return the beginning of an id by which a person calls a draft."""
    return str(draft.decision_id)[:8]


def expiry(draft: WaitingDraft, *, now: datetime) -> str:
    """Return until when a draft may be sent."""
    if draft.expires_at is None:
        return "does not expire"
    return f"expires in {in_words(draft.expires_at - now)} ({draft.expires_at:%H:%M} UTC)"


def slot_words(draft: WaitingDraft, zone: ZoneInfo, *, now: datetime) -> str:
    """Return when a post goes out once it is approved, by the account's own clock."""
    slot = in_zone(draft.scheduled_at, zone)
    return f"goes out at {slot}" if draft.scheduled_at >= now else f"missed its slot at {slot}, takes the next free one"


def as_lines(waiting: Sequence[WaitingDraft], settings: Settings, *, now: datetime) -> str:
    """Return what a person reads: three lines for each draft, and more for one that is dear, or sent by hand."""
    return "\n".join(_lines(draft, settings, now) for draft in waiting) or "nothing waits for you"


def as_json(waiting: Sequence[WaitingDraft], settings: Settings, *, now: datetime) -> str:
    """Return what a program reads: a list of objects. What is unknown is null; no character of it moves a terminal."""
    return for_json([_plain(draft, settings, now) for draft in waiting], indent=2)


def _lines(draft: WaitingDraft, settings: Settings, now: datetime) -> str:
    found = draft.opportunity
    by_hand = address_to_send(settings, draft)
    warning = _link_warning(draft, settings)
    about = [draft.called, expiry(draft, now=now)]
    if draft.target is None:
        about.append(slot_words(draft, settings.profile.timezone, now=now))
    if found is not None:
        about += ["addressed us"] * found.addressed_us + [f"score {found.score:.2f}"]
    return "\n".join(
        [
            f"{short_id(draft)}  {', '.join(about)}",
            *(f"{_INDENT}{line}" for line in _sources(draft)),
            f"{_INDENT}our {draft.called}: «{shortened(for_terminal(draft.text))}»",
            *([f"{_INDENT}it waits because: {for_terminal_line(draft.reason)}"] if draft.reason else []),
            *([f"{_INDENT}{warning}"] if warning else []),
            *([f"{_INDENT}to be sent by hand: {by_hand}"] if by_hand else []),
        ]
    )


def _sources(draft: WaitingDraft) -> list[str]:
    """Return what a draft answers or is about."""
    if draft.target is not None:
        return [f"@{for_terminal_line(draft.target.author_handle)}: «{shortened(for_terminal(draft.target.text))}»"]
    subject = [f"subject: {for_terminal_line(draft.topic)}"] if draft.topic else []
    news = draft.news
    made_from = (
        [f"news: «{shortened(for_terminal(news.title))}» {for_terminal_line(news.url)}"] if news is not None else []
    )
    return [*subject, *made_from]


def _link_warning(draft: WaitingDraft, settings: Settings) -> str | None:
    """Return what its link costs; nothing where a person sends it."""
    by_hand = address_to_send(settings, draft) is not None
    is_reply = draft.target is not None
    return None if by_hand else link_warning(draft.text, is_reply=is_reply, profile=settings.profile)


def _plain(draft: WaitingDraft, settings: Settings, now: datetime) -> dict[str, Any]:
    found = draft.opportunity
    return {
        "id": str(draft.decision_id),
        "kind": draft.kind,
        "text": draft.text,
        "weighted_length": weighted_length(draft.text),
        "quality": draft.quality,
        "reason": draft.reason,
        "link_warning": _link_warning(draft, settings),
        "by_hand": address_to_send(settings, draft),
        "written_at": draft.written_at.isoformat(),
        "scheduled_at": draft.scheduled_at.isoformat(),
        "expires_at": None if draft.expires_at is None else draft.expires_at.isoformat(),
        "expires_in_seconds": None if draft.expires_at is None else (draft.expires_at - now).total_seconds(),
        "target": None if draft.target is None else _plain_target(draft, draft.target, now),
        "news": None if draft.news is None else _plain_news(draft.news),
        "addressed_us": None if found is None else found.addressed_us,
        "subject": draft.topic,
        "score": None if found is None else found.score,
        "score_parts": None if found is None else dict(found.score_parts),
    }


def _plain_target(draft: WaitingDraft, target: Target, now: datetime) -> dict[str, Any]:
    found = draft.opportunity
    author = asdict(found.author) if found is not None else {}
    return {
        "id": target.post_id,
        "text": target.text,
        "author": {
            "handle": target.author_handle,
            "followers": target.author_followers,
            **{name: author.get(name) for name in ("id", "name", "bio")},
        },
        "posted_at": None if found is None else found.posted_at.isoformat(),
        "age_seconds": None if found is None else (now - found.posted_at).total_seconds(),
        **{name: getattr(found, name, None) for name in COUNTED},
    }


def _plain_news(news: NewsItem) -> dict[str, Any]:
    return {
        "url": news.url,
        "title": news.title,
        "source": news.source,
        "summary": news.summary,
        "published_at": None if news.published_at is None else news.published_at.isoformat(),
    }
