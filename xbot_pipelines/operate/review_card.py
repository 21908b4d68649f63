"""A draft that waits, as `xbot review` shows it on a terminal: what it answers or was made from, its text, and why."""

from datetime import datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from xbot_pipelines.models import NewsItem, Target
from xbot_pipelines.operate.review_report import COUNTED, expiry, short_id, slot_words
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.waiting import WaitingDraft
from xbot_pipelines.systems.by_hand import address_to_send
from xbot_pipelines.systems.pricing import link_warning
from xbot_pipelines.text.escape import for_terminal, for_terminal_line
from xbot_pipelines.x.text import LONGEST_POST, weighted_length


def card(draft: WaitingDraft, settings: Settings, *, left: int, now: datetime) -> RenderableType:
    """Return everything that a person needs for their decision."""
    headline = f"{short_id(draft)}, {draft.called}, {expiry(draft, now=now)}"
    headline += f", {left - 1} behind it" if left > 1 else ""
    about = (
        _about_post(draft, settings, now) if draft.target is None else _about_reply(draft, draft.target, settings, now)
    )
    return Group(
        Text(),
        Rule(Text(headline), align="left"),
        *about,
        draft_panel(draft, draft.text, settings, title=f"our {draft.called}"),
        *(Text(why, overflow="fold") for why in _why(draft)),
    )


def draft_panel(draft: WaitingDraft, text: str, settings: Settings, *, title: str) -> RenderableType:
    """Return a text of ours in its frame, with what sending it costs, or where a person sends it."""
    by_hand = address_to_send(settings, draft, text)
    is_reply = draft.target is not None
    warning = link_warning(text, is_reply=is_reply, profile=settings.profile) if by_hand is None else None
    return Group(
        _quoted(text, title=f"{title}: {weighted_length(text)} of {LONGEST_POST}", style="green"),
        *([Text(warning, style="bold yellow", overflow="fold")] if warning else []),
        *([Text(f"to be sent by hand, and found by itself then: {by_hand}", overflow="fold")] if by_hand else []),
    )


def _about_post(draft: WaitingDraft, settings: Settings, now: datetime) -> list[RenderableType]:
    slot = Text(slot_words(draft, settings.profile.timezone, now=now), style="bold", overflow="fold")
    return [slot, *([] if draft.news is None else [_source(draft.news)])]


def _source(news: NewsItem) -> RenderableType:
    told = "\n".join(filter(None, (news.title, news.summary)))
    return Group(
        Text(
            f"made from news of {for_terminal_line(news.source)}: {for_terminal_line(news.url)}",
            style="dim",
            overflow="fold",
        ),
        _quoted(told, title="the news"),
    )


def _about_reply(draft: WaitingDraft, target: Target, settings: Settings, now: datetime) -> list[RenderableType]:
    found, handle = draft.opportunity, for_terminal_line(target.author_handle)
    who = [f"@{handle}", _followers(target.author_followers)]
    when = [f"{settings.x_url}/{handle}/status/{target.post_id}"]
    bio: list[Text] = []
    if found is not None:
        who = [for_terminal_line(found.author.name or ""), *who, "has addressed us" if found.addressed_us else ""]
        when = [f"posted {in_words(now - found.posted_at)} ago", *_counters(draft), *when]
        bio = (
            [Text(f"bio: {for_terminal_line(found.author.bio)}", style="dim", overflow="fold")]
            if found.author.bio
            else []
        )
    return [
        Text(" · ".join(filter(None, who)), style="bold", overflow="fold"),
        *bio,
        Text(" · ".join(when), style="dim", overflow="fold"),
        _quoted(target.text, title="their post"),
    ]


def _why(draft: WaitingDraft) -> list[str]:
    found = draft.opportunity
    lines = []
    if found is not None:
        parts = sorted(found.score_parts.items(), key=lambda part: -part[1])
        sums = " + ".join(f"{for_terminal_line(name)} {points:.2f}" for name, points in parts)
        lines.append(f"score {found.score:.2f}" + (f" = {sums}" if sums else ""))
    if draft.topic:
        lines.append(f"subject: {for_terminal_line(draft.topic)}")
    if draft.quality is not None:
        lines.append(f"the model's own judgement of its {draft.called}: {draft.quality:.2f} of 1")
    if draft.reason:
        lines.append(f"it waits because: {for_terminal_line(draft.reason)}")
    return lines


def _counters(draft: WaitingDraft) -> list[str]:
    # X does not tell every number of every post: what is not known is left out, and is not 0.
    counted = [(name, getattr(draft.opportunity, name, None)) for name in COUNTED]
    return [f"{number:,} {name}" for name, number in counted if number is not None]


def _followers(number: int | None) -> str:
    return "followers unknown" if number is None else f"{number:,} followers"


def _quoted(text: str, *, title: str, style: str = "") -> RenderableType:
    """Return a text in a frame, so that nothing in it can pass for our own words."""
    return Panel(Text(for_terminal(text), overflow="fold"), title=Text(title), title_align="left", border_style=style)
