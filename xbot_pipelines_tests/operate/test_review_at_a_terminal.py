"""`xbot review` and `xbot optout` as real processes, at a real terminal where one is needed."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from xbot_pipelines.models import DecisionStatus
from xbot_pipelines.operate.review_screen import QUESTION_FOR_REPLIES
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines_tests.operate.programs import PATIENCE_SECONDS, wait_until
from xbot_pipelines_tests.operate.shell import Shell, refusal
from xbot_pipelines_tests.operate.test_review import GOOD, HOSTILE, texts_of
from xbot_pipelines_tests.store.looking import events_of, everything, status_of
from xbot_pipelines_tests.store.reviewing import HOUR, drafted, found


@pytest.fixture
def now() -> datetime:
    """The machine's own time, which a real process goes by."""
    return datetime.now(UTC)


@pytest.fixture
def fresh(database: AccountDatabase, now: datetime) -> UUID:
    """A reply that waits at this very moment."""
    return drafted(database, found(1, text=HOSTILE, found_at=now, posted_at=now, expires_at=now + HOUR))


def test_without_a_terminal_it_lists_approves_and_rejects(
    shell: Shell, database: AccountDatabase, database_url: str, fresh: UUID, now: datetime
) -> None:
    def types(*words: str) -> subprocess.CompletedProcess[str]:
        return shell.types(*words, XBOT_DATABASE_URL=database_url, LOGNAME="ada")

    other = drafted(database, found(2, found_at=now, expires_at=now + HOUR))
    listed, as_json_told = types("review", "--list"), types("review", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert {str(one)[:8] for one in (fresh, other)} <= set(re.findall(r"^\w+", listed.stdout, re.MULTILINE))
    assert not set(listed.stdout + as_json_told.stdout) & set("\x1b\x07\u202e")
    assert {told["id"] for told in json.loads(as_json_told.stdout)} == {str(fresh), str(other)}

    assert "questions, and this is no terminal" in refusal(types("review"))
    assert "a rejection needs a reason" in refusal(types("review", "--reject", str(other)[:8]))
    assert "holds something like a link" in refusal(
        types("review", "--approve", str(fresh), "--text", "https://pills.example")
    )
    approved = types("review", "--approve", str(fresh)[:8], "--text", GOOD)
    assert approved.stdout == "approved as edited: posting sends it at one of its next turns\n"
    assert events_of(database, fresh)[-1][3] == "person:ada"
    assert "is queued since" in refusal(types("review", "--approve", str(fresh)))
    assert types("review", "--reject", str(other)[:8], "--reason", "too cold").stdout == "rejected: too cold\n"
    assert types("review", "--list").stdout == "nothing waits for you\n"


def test_an_opt_out_is_typed_without_a_terminal(shell: Shell, database: AccountDatabase, database_url: str) -> None:
    reply = drafted(database)
    assert "is no handle" in refusal(shell.types("optout", "no handle", XBOT_DATABASE_URL=database_url))
    told = shell.types("optout", "@Ada", XBOT_DATABASE_URL=database_url)
    assert told.stdout == "@ada is left alone from now on, and nothing waits to be sent to them\n"
    assert status_of(database, reply) == DecisionStatus.REJECTED


def test_where_the_database_does_not_run_it_is_one_sentence(shell: Shell) -> None:
    assert "run `make up`" in refusal(shell.types("review", "--list"))
    assert "run `make up`" in refusal(shell.types("optout", "ada"))


class Terminal:
    """A real terminal with `xbot review` on it."""

    def __init__(self, process: "subprocess.Popen[bytes]", end: int) -> None:
        self.process = process
        self.shown = ""
        self._end = end
        self._awaited = 0

    def shows(self, words: str) -> None:
        """Returns once these words are shown, behind those that were awaited before."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while words not in self.shown[self._awaited :]:
            assert time.monotonic() < deadline, f"{words!r} is not shown:\n{self.shown}"
            if select.select([self._end], [], [], 0.1)[0]:
                self._read()
        self._awaited = self.shown.index(words, self._awaited) + len(words)

    def types(self, line: str) -> None:
        os.write(self._end, line.encode())

    def ended_with(self) -> int:
        """How the program ended, once it did."""
        code = self.process.wait(timeout=PATIENCE_SECONDS)
        while select.select([self._end], [], [], 0)[0] and self._read():
            pass
        return code

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._end)

    def _read(self) -> bool:
        try:
            piece = os.read(self._end, 65_536).decode(errors="replace")
        except OSError:  # Linux says so where the other end is closed
            return False
        self.shown += piece
        return bool(piece)


@pytest.fixture
def at_a_terminal(shell: Shell, database_url: str) -> Iterator[Callable[..., Terminal]]:
    """Types `xbot review` at a terminal of 100 columns."""
    opened: list[Terminal] = []

    def begins(**variables: str) -> Terminal:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "xbot_pipelines.cli", "review"],
            env={
                **shell.variables,
                "XBOT_DATABASE_URL": database_url,
                "TERM": "xterm",
                "COLUMNS": "100",
                "LOGNAME": "ada",
                **variables,
            },
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        opened.append(Terminal(process, ours))
        return opened[-1]

    yield begins
    for terminal in opened:
        terminal.close()


def test_at_a_terminal_a_reply_is_edited_on_a_line_and_approved(
    at_a_terminal: Callable[..., Terminal], database: AccountDatabase, fresh: UUID
) -> None:
    terminal = at_a_terminal()
    terminal.shows(QUESTION_FOR_REPLIES)
    terminal.types("e\n")
    terminal.shows("the new text, on one line")
    terminal.types(f"{GOOD}\n")
    terminal.shows("our reply as edited: 55 of 280")
    terminal.shows(QUESTION_FOR_REPLIES)
    terminal.types("a\n")
    terminal.shows("approved as edited")
    terminal.shows("1 approved, nothing waits for you")

    assert terminal.ended_with() == 0
    assert (texts_of(database)[fresh], status_of(database, fresh)) == (GOOD, DecisionStatus.QUEUED)
    assert events_of(database, fresh)[-1][3] == "person:ada"
    assert r"Hi \x1b[2J\x1b]0;pwned\x07 \u202edlog\u202c \x9b31m [red]free[/red] :warning:" in terminal.shown
    for obeyed in ("\x1b[2J", "\x1b]0", "\u202e", "\x9b", "\x07"):
        assert obeyed not in terminal.shown


def test_at_a_terminal_the_editor_of_the_persons_choice_is_opened(
    at_a_terminal: Callable[..., Terminal], database: AccountDatabase, fresh: UUID, tmp_path: Path
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(f"import sys, pathlib; pathlib.Path(sys.argv[1]).write_text({GOOD!r})")
    terminal = at_a_terminal(EDITOR=f"{sys.executable} {script}")
    for answer in ("edit", "approve"):
        terminal.shows(QUESTION_FOR_REPLIES)
        terminal.types(f"{answer}\n")

    assert terminal.ended_with() == 0
    assert texts_of(database)[fresh] == GOOD


@pytest.mark.parametrize("answers", [(), ("r",), ("o",)])
@pytest.mark.parametrize("by", ["Ctrl-C", "the end of input"])
def test_who_goes_away_in_the_middle_of_an_answer_leaves_everything_as_it_is(
    at_a_terminal: Callable[..., Terminal],
    database: AccountDatabase,
    fresh: UUID,
    answers: Sequence[str],
    by: str,
) -> None:
    before = everything(database)
    terminal = at_a_terminal()
    terminal.shows(QUESTION_FOR_REPLIES)
    for answer in answers:
        terminal.types(f"{answer}\n")
        terminal.shows(": ")
    if by == "Ctrl-C":
        # A signal between the question and the reading of the answer is heard only with the next key.
        wait_until(lambda: psutil.Process(terminal.process.pid).status() == psutil.STATUS_SLEEPING, "it reads")
        terminal.process.send_signal(signal.SIGINT)
    else:
        terminal.types("\x04")

    assert terminal.ended_with() == (130 if by == "Ctrl-C" else 0)
    assert everything(database) == before
    assert fresh in texts_of(database)


def test_what_was_typed_before_the_question_decides_nothing(
    at_a_terminal: Callable[..., Terminal], database: AccountDatabase, fresh: UUID
) -> None:
    terminal = at_a_terminal()
    terminal.types("a\na\n")
    terminal.shows(QUESTION_FOR_REPLIES)
    terminal.types("q\n")

    assert terminal.ended_with() == 0
    assert status_of(database, fresh) == DecisionStatus.NEEDS_REVIEW
