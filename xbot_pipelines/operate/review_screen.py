"""`xbot review` on a terminal: the drafts that wait, one after another, and a question after each.

How a draft is shown lies in `review_card`, what the answers do in `review`. Nothing is held while a person thinks: each
answer is a transaction of its own, and whoever goes away in the middle of one has changed nothing.
"""

import sys
import termios
from collections import Counter
from collections.abc import Callable
from uuid import UUID

from rich.console import Console
from rich.text import Text

from xbot_pipelines.clock import Clock
from xbot_pipelines.operate import review
from xbot_pipelines.operate.editor import EditorFailed, chosen_editor, edit_with
from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.review_card import card, draft_panel
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.waiting import WaitingDraft, waiting
from xbot_pipelines.text.escape import for_terminal_line

_KEYS = {"a": "approve", "e": "edit", "r": "reject", "s": "skip", "q": "quit"}
_KEYS_FOR_REPLIES = {**_KEYS, "o": "opt out"}
QUESTION = "a approve, e edit, r reject, s skip, q quit: "
QUESTION_FOR_REPLIES = "a approve, e edit, r reject, o opt the author out, s skip, q quit: "


def review_at_the_terminal(database: AccountDatabase, settings: Settings, *, clock: Clock) -> None:
    """Asks whoever sits before the terminal about every draft that waits.

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
    # What was typed before the question was there is no answer to it: it may be meant for the draft before.
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
        clock: tells the time, anew for each draft.
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
        self._seen: set[tuple[UUID, str]] = set()
        self._done: Counter[str] = Counter()

    def run(self) -> None:
        """Ask about every draft that waits, also about those that come meanwhile, until none is left or they quit."""
        try:
            while (draft := self._next()) is not None:
                self._seen.add(_shown(draft))
                if not self._decided(draft):
                    break
        except EOFError:
            self._console.print()
        self._console.print(self._summary())

    def _next(self) -> WaitingDraft | None:
        # Read anew each time: others decide and edit meanwhile, and drafts expire while one thinks.
        now = self._clock.now()
        left = [draft for draft in waiting(self._database, now=now) if _shown(draft) not in self._seen]
        if not left:
            return None
        self._console.print(card(left[0], self._settings, left=len(left), now=now))
        return left[0]

    def _decided(self, draft: WaitingDraft) -> bool:
        """Ask until the draft is decided or passed over. Return whether the person goes on to the next."""
        text = draft.text
        keys, question = (_KEYS, QUESTION) if draft.target is None else (_KEYS_FOR_REPLIES, QUESTION_FOR_REPLIES)
        while True:
            typed = self._ask(question).strip().lower()
            key = next((key for key, word in keys.items() if typed in {key, word}), None)
            if key == "q":
                return False
            if key == "s":
                return True
            try:
                if key == "e":
                    text = self._edited(draft, text)
                elif key is not None and self._follow(key, draft, text):
                    return True
            except (CannotRun, EditorFailed) as refusal:
                self._say(str(refusal))
                if not self._still_waits(draft):
                    return True

    def _follow(self, key: str, draft: WaitingDraft, text: str) -> bool:
        """Does what cannot be taken back. Answers whether it was done."""
        match key:
            case "a":
                self._say(review.approve(self._database, self._settings, draft, text=text, clock=self._clock))
                self._done["approved"] += 1
            case "r":
                reason = self._ask("why (nothing leaves it as it is): ")
                if not reason.strip():
                    return False
                self._say(review.reject(self._database, draft, reason=reason, clock=self._clock))
                self._done["rejected"] += 1
            case "o" if draft.target is not None:
                handle = for_terminal_line(draft.target.author_handle)
                if self._ask(f"never answer @{handle} again? This is for good (yes, no): ").strip().lower() != "yes":
                    return False
                author_id = draft.opportunity.author.id if draft.opportunity else None
                self._say(review.leave_alone(self._database, handle, user_id=author_id, clock=self._clock))
                self._done["opted out"] += 1
        return True

    def _edited(self, draft: WaitingDraft, text: str) -> str:
        """Lets the person change the text, and answers what may be approved now; it is kept nowhere until then."""
        edited = self._edit(text)
        if edited == text:
            self._say("the text stays as it is")
            return text
        if edited != draft.text:
            review.demand_sendable(self._database, draft, edited, clock=self._clock)
        self._console.print(draft_panel(draft, edited, self._settings, title=f"our {draft.called} as edited"))
        return edited

    def _still_waits(self, draft: WaitingDraft) -> bool:
        return any(_shown(one) == _shown(draft) for one in waiting(self._database, now=self._clock.now()))

    def _say(self, sentence: str) -> None:
        self._console.print(Text(sentence, overflow="fold"))

    def _summary(self) -> Text:
        left = len(waiting(self._database, now=self._clock.now()))
        done = [f"{number} {what}" for what, number in self._done.items()]
        return Text(", ".join([*done, f"{left or 'nothing'} {'waits' if left <= 1 else 'wait'} for you"]))


def _shown(draft: WaitingDraft) -> tuple[UUID, str]:
    """Return what a person has seen of a draft: with another text it is shown again."""
    return draft.decision_id, draft.text
