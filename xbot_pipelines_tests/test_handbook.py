"""The handbook: what it tells a person to type can be typed, and where it points there is something.

What a command then does is tested where the command lives. Here belongs only whether README, CONTRIBUTING and `docs/`
name what there is.
"""

import ast
import importlib
import re
import shlex
import textwrap
from collections.abc import Iterator
from datetime import timedelta

import pytest
import typer.core
import typer.main
from sqlalchemy import text

from xbot_pipelines.cli import app
from xbot_pipelines.orchestration.timetable import TIMETABLE
from xbot_pipelines.settings.variables import INTERNAL_VARIABLES, RETIRED_VARIABLES, VARIABLES
from xbot_pipelines.store.database import open_engine
from xbot_pipelines_tests.conftest import ROOT

PAGES = {
    str(page.relative_to(ROOT)): page.read_text(encoding="utf-8")
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
}
_ROOT_COMMAND = typer.main.get_command(app)
assert isinstance(_ROOT_COMMAND, typer.core.TyperGroup)
COMMANDS = _ROOT_COMMAND.commands

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")


def typed(page: str) -> Iterator[str]:
    """What a page tells to type, or shows as typed: lines of its blocks, and what is set between backticks."""
    for _, block in BLOCK.findall(page):
        yield from (line.removeprefix("$ ").strip() for line in block.splitlines())
    rest = BLOCK.sub("", page)
    yield from (line.strip() for line in rest.splitlines() if line.startswith("    "))
    yield from INLINE.findall(rest)


def words_of(line: str) -> list[str]:
    """The words of a command; what comes after a `#`, or of another one after a pipe, is none of it."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = []
    for word in lexer:
        if word in {"|", "&&", ";", ">"}:
            break
        words.append(word)
    return words


def after(start: str) -> list[tuple[str, ...]]:
    """Every command of the handbook that begins with some words: what follows them, each once."""
    pattern = re.compile(rf"(?:[A-Z_]+=\S+ |docker compose exec (?:-T )?daemon )*{re.escape(start)} (\S.*)")
    found = {
        tuple(words_of(match[1])) for page in PAGES.values() for line in typed(page) if (match := pattern.match(line))
    }
    return sorted(words for words in found if words)


def slug(heading: str) -> str:
    """The anchor that a heading gets where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("words", after("xbot"), ids=" ".join)
def test_a_command_of_ours_takes_what_the_handbook_gives_it(words: tuple[str, ...]) -> None:
    name, *arguments = words
    assert name in COMMANDS
    COMMANDS[name].make_context(name, arguments)


def test_every_command_of_ours_is_in_the_handbook() -> None:
    assert set(COMMANDS) <= {words[0] for words in after("xbot")}


@pytest.mark.parametrize("words", after("make"), ids=" ".join)
def test_make_has_the_target(words: tuple[str, ...]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert words[0] in targets


@pytest.mark.parametrize("words", after("uv run python"), ids=" ".join)
def test_a_benchmark_takes_what_the_handbook_gives_it(words: tuple[str, ...]) -> None:
    script, *arguments = words
    source = "".join((ROOT / path).read_text(encoding="utf-8") for path in (script, "benchmarks/report.py"))
    assert {word for word in arguments if word.startswith("--")} <= set(re.findall(r'"(--[a-z-]+)"', source))


def test_every_benchmark_is_in_the_handbook() -> None:
    programs = {
        f"benchmarks/{path.name}" for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text()
    }
    assert programs == {words[0] for words in after("uv run python")}


def test_the_database_understands_every_question(database_url: str) -> None:
    questions = {line for page in PAGES.values() for line in typed(page) if re.match(r"SELECT .*;$", line)}
    questions = {question for question in questions if ".parquet'" not in question}
    assert questions
    engine = open_engine(database_url)
    with engine.connect() as connection:
        for question in sorted(questions):
            connection.execute(text(question))
    engine.dispose()


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[name]):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        page = (ROOT / name).parent / path if path else ROOT / name
        assert page.exists(), f"{name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), f"{name}: {target}"


@pytest.mark.parametrize("name", PAGES)
def test_python_that_is_shown_uses_what_there_is(name: str) -> None:
    """A page may add modules of its own, whose paths are the first lines of their blocks."""
    blocks = [textwrap.dedent(block) for language, block in BLOCK.findall(PAGES[name]) if language == "python"]
    added = {match[1].replace("/", ".") for block in blocks if (match := re.match(r"# (\S+)\.py\n", block))}
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module not in added:
                module = importlib.import_module(node.module or "")
                assert all(hasattr(module, alias.name) for alias in node.names), f"{name}: {ast.unparse(node)}"


def test_the_timetable_of_the_handbook_is_the_one_that_is_kept() -> None:
    """Each job with its minutes, as `:03`, and the minutes that its deadline is."""
    rows = [line.split("|") for line in PAGES["docs/the-hour.md"].splitlines() if line.startswith("| ")]
    for turn in TIMETABLE:
        told = next(row for row in rows if turn.job in re.split(r", | ", row[1].strip()))
        minutes = {int(minute) for minute in re.findall(r":(\d\d)", told[2])}
        assert set(turn.minutes) <= minutes, turn.job
        assert ("no" not in told[3]) == turn.uses_browser, turn.job
        assert told[4].strip() == f"{turn.deadline // timedelta(minutes=1)} min", turn.job


def test_every_variable_that_is_named_is_one() -> None:
    known = {*VARIABLES, *INTERNAL_VARIABLES, *RETIRED_VARIABLES}
    for name, page in PAGES.items():
        assert set(re.findall(r"\bXBOT_[A-Z_]+\b", page)) <= known, name
