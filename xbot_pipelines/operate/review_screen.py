"""`xbot review` on a terminal: the replies that wait, one after another, and a question after each.

What the answers do lies in `review`. Nothing is held while a person thinks: each answer is a transaction of its own,
and whoever goes away in the middle of one has changed nothing.
"""

import sys
import termios
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate import review
from xbot_pipelines.operate.editor import EditorFailed, chosen_editor, edit_with
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.review_report import COUNTED, expiry, short_id
from xbot_pipelines.operate.spans import in_words
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.review import WaitingReply, waiting
from xbot_pipelines.systems.by_hand import address_to_send
from xbot_pipelines.systems.pricing import link_warning
from xbot_pipelines.text.escape import for_terminal, for_terminal_line
from xbot_pipelines.x.text import LONGEST_POST, weighted_length

KEYS = {"a": "approve", "e": "edit", "r": "reject", "o": "opt out", "s": "skip", "q": "quit"}
QUESTION = "a approve, e edit, r reject, o opt the author out, s skip, q quit: "


def review_at_the_terminal(database: AccountDatabase, settings: Settings, *, clock: Clock) -> None:
    """Asks whoever sits before the terminal about every reply that waits.

    Raises:
        CannotRun: this is no terminal, nobody is there to answer.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CannotRun(
            "a review asks you questions, and this is no terminal: `xbot review --list` or `--json` shows what waits, "
            '`--approve ID` and `--reject ID --reason "…"` decide'
        )
    ReviewScreen(
        database,
        settings,
        clock=clock,
        console=Console(highlight=False),
        ask=ask_at_the_terminal,
        edit=edit_at_the_terminal,
    ).run()


def ask_at_the_terminal(question: str) -> str:
    """Asks a person, and answers the line that they typed.

    Raises:
        EOFError: they ended their input.
    """
    # What was typed before the question was there is no answer to it: it may be meant for the reply before.
    termios.tcflush(sys.stdin, termios.TCIFLUSH)
    return input(question)


def edit_at_the_terminal(text: str) -> str:
    """Lets a person change a text: in the editor of their choice, or, without one, on a line of its own.

    Raises:
        EditorFailed: the editor did.
        EOFError: they ended their input.
    """
    editor = chosen_editor()
    if editor is not None:
        return edit_with(editor, text)
    return ask_at_the_terminal("the new text, on one line (EDITOR names an editor for more): ").strip() or text


class ReviewScreen:
    """Shows what waits, one after another, and does what the person answers.

    Args:
        database: the account's tables.
        settings: where X is, and what is set for the account.
        clock: tells the time, anew for each reply.
        console: what it is shown on.
        ask: asks the person for a line; EOFError ends the review.
        edit: lets the person change a text.
    """

    def __init__(
        self,
        database: AccountDatabase,
        settings: Settings,
        *,
        clock: Clock,
        console: Console,
        ask: Callable[[str], str],
        edit: Callable[[str], str],
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._console = console
        self._ask = ask
        self._edit = edit
        self._seen: set[UUID] = set()
        self._done: Counter[str] = Counter()

    def run(self) -> None:
        """Asks about every reply that waits, also about those that come meanwhile, until none is left or they quit."""
        try:
            while (reply := self._next()) is not None:
                self._seen.add(reply.decision_id)
                if not self._decided(reply):
                    break
        except EOFError:
            self._console.print()
        self._console.print(self._summary())

    def _next(self) -> WaitingReply | None:
        # Read anew each time: others decide meanwhile, and replies expire while one thinks.
        now = self._clock.now()
        left = [reply for reply in waiting(self._database, now=now) if reply.decision_id not in self._seen]
        if not left:
            return None
        self._console.print(card(left[0], self._settings, left=len(left), now=now))
        return left[0]

    def _decided(self, reply: WaitingReply) -> bool:
        """Asks until the reply is decided or passed over. Answers whether the person goes on to the next."""
        text = reply.text
        while True:
            typed = self._ask(QUESTION).strip().lower()
            key = next((key for key, word in KEYS.items() if typed in {key, word}), None)
            if key == "q":
                return False
            if key == "s":
                return True
            try:
                if key == "e":
                    text = self._edited(reply, text)
                elif key is not None and self._follow(key, reply, text):
                    return True
            except (CannotRun, EditorFailed) as refusal:
                self._say(str(refusal))
                if not self._still_waits(reply):
                    return True

    def _follow(self, key: str, reply: WaitingReply, text: str) -> bool:
        """Does what cannot be taken back. Answers whether it was done."""
        match key:
            case "a":
                self._say(review.approve(self._database, self._settings, reply, text=text, clock=self._clock))
                self._done["approved"] += 1
            case "r":
                reason = self._ask("why (nothing leaves it as it is): ")
                if not reason.strip():
                    return False
                self._say(review.reject(self._database, reply, reason=reason, clock=self._clock))
                self._done["rejected"] += 1
            case "o":
                handle = for_terminal_line(reply.target.author_handle)
                if self._ask(f"never answer @{handle} again? This is for good (yes, no): ").strip().lower() != "yes":
                    return False
                author_id = reply.opportunity.author.id if reply.opportunity else None
                self._say(review.leave_alone(self._database, handle, user_id=author_id, clock=self._clock))
                self._done["opted out"] += 1
        return True

    def _edited(self, reply: WaitingReply, text: str) -> str:
        """Lets the person change the text, and answers what may be approved now; it is kept nowhere until then."""
        edited = self._edit(text)
        if edited == text:
            self._say("the text stays as it is")
            return text
        if edited != reply.text:
            review.demand_sendable(self._database, reply, edited, clock=self._clock)
        self._console.print(_draft(reply, edited, self._settings, title="our reply as edited"))
        return edited

    def _still_waits(self, reply: WaitingReply) -> bool:
        return any(one.decision_id == reply.decision_id for one in waiting(self._database, now=self._clock.now()))

    def _say(self, sentence: str) -> None:
        self._console.print(Text(sentence, overflow="fold"))

    def _summary(self) -> Text:
        left = len(waiting(self._database, now=self._clock.now()))
        done = [f"{number} {what}" for what, number in self._done.items()]
        return Text(", ".join([*done, f"{left or 'nothing'} {'waits' if left <= 1 else 'wait'} for you"]))


def card(reply: WaitingReply, settings: Settings, *, left: int, now: datetime) -> RenderableType:
    """Everything that a person needs for their answer: who wrote what, what we would say, and why."""
    found, handle = reply.opportunity, for_terminal_line(reply.target.author_handle)
    headline = f"{short_id(reply)}, {expiry(reply, now=now)}" + (f", {left - 1} behind it" if left > 1 else "")
    who = [f"@{handle}", _followers(reply.target.author_followers)]
    when = [f"{settings.x_url}/{handle}/status/{reply.target.post_id}"]
    lines: list[Text] = []
    if found is not None:
        who = [for_terminal_line(found.author.name or ""), *who, "has addressed us" if found.addressed_us else ""]
        when = [f"posted {in_words(now - found.posted_at)} ago", *_counters(reply), *when]
        lines = (
            [Text(f"bio: {for_terminal_line(found.author.bio)}", style="dim", overflow="fold")]
            if found.author.bio
            else []
        )
    return Group(
        Text(),
        Rule(Text(headline), align="left"),
        Text(" · ".join(filter(None, who)), style="bold", overflow="fold"),
        *lines,
        Text(" · ".join(when), style="dim", overflow="fold"),
        _quoted(reply.target.text, title="their post"),
        _draft(reply, reply.text, settings, title="our reply"),
        *(Text(why, overflow="fold") for why in _why(reply)),
    )


def _why(reply: WaitingReply) -> list[str]:
    found = reply.opportunity
    lines = []
    if found is not None:
        parts = sorted(found.score_parts.items(), key=lambda part: -part[1])
        sums = " + ".join(f"{for_terminal_line(name)} {points:.2f}" for name, points in parts)
        lines.append(f"score {found.score:.2f}" + (f" = {sums}" if sums else ""))
    if found is not None and found.subject:
        lines.append(f"subject: {for_terminal_line(found.subject)}")
    if reply.quality is not None:
        lines.append(f"the model's own judgement of its reply: {reply.quality:.2f} of 1")
    if reply.reason:
        lines.append(f"it waits because: {for_terminal_line(reply.reason)}")
    return lines


def _counters(reply: WaitingReply) -> list[str]:
    # X does not tell every number of every post: what is not known is left out, and is not 0.
    counted = [(name, getattr(reply.opportunity, name, None)) for name in COUNTED]
    return [f"{number:,} {name}" for name, number in counted if number is not None]


def _followers(number: int | None) -> str:
    return "followers unknown" if number is None else f"{number:,} followers"


def _draft(reply: WaitingReply, text: str, settings: Settings, *, title: str) -> RenderableType:
    by_hand = address_to_send(settings, reply, text)
    warning = link_warning(text, is_reply=True, profile=settings.profile) if by_hand is None else None
    return Group(
        _quoted(text, title=f"{title}: {weighted_length(text)} of {LONGEST_POST}", style="green"),
        *([Text(warning, style="bold yellow", overflow="fold")] if warning else []),
        *([Text(f"to be sent by hand, and found by itself then: {by_hand}", overflow="fold")] if by_hand else []),
    )


def _quoted(text: str, *, title: str, style: str = "") -> RenderableType:
    """A text in a frame, so that nothing in it can pass for our own words."""
    return Panel(Text(for_terminal(text), overflow="fold"), title=Text(title), title_align="left", border_style=style)
