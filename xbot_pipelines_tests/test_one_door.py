"""One door: of all the code there is, one function may publish, and one job calls it (F24)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import xbot_pipelines

PACKAGE = Path(xbot_pipelines.__file__).parent

DOORS = {
    "composer.publish": {"x/browser.py"},
    "client.publish": {"systems/posting.py"},
    "posting.publish": {"orchestration/assets/posting.py"},
    "self._client.publish": {"operate/rehearsal/warm_browser.py"},
}
"""Each way to publish, and where it is used: the page, the port to X, the system; and, on practice X alone, the port as
it is handed on to the browser's thread. Another use is another door."""


def test_f24_only_the_posting_job_publishes() -> None:
    found: dict[str, set[str]] = {}
    for path, call in calls():
        if isinstance(call.func, ast.Attribute) and call.func.attr == "publish":
            found.setdefault(ast.unparse(call.func), set()).add(path)
    assert found == DOORS


def test_f24_nobody_takes_a_way_to_publish_out_of_its_module() -> None:
    """`from … import publish` would let a call go by another name."""
    taken = [
        path
        for path, node in nodes()
        if isinstance(node, ast.ImportFrom) and any(name.name in {"publish", "*"} for name in node.names)
    ]
    assert taken == []


def test_f24_only_the_composer_knows_the_button_that_submits() -> None:
    knowing = {
        path
        for path, node in nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "tweetButton" in node.value
    }
    assert knowing == {"x/composer.py"}


def test_f24_posts_are_recorded_by_publishing_alone() -> None:
    """A row of `posted_decisions` is written in one place, which demands an attempt, a run and a version."""
    writing = {
        path
        for path, call in calls()
        if isinstance(call.func, ast.Name) and call.func.id.startswith("insert")
        for argument in call.args
        if isinstance(argument, ast.Name) and argument.id == "posted_decisions"
    }
    assert writing == {"store/publishing.py"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Answers every call in our own code, with the file that it is in."""
    return ((path, node) for path, node in nodes() if isinstance(node, ast.Call))


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Answers all of our own code but the practice site, which is not ours to publish with."""
    for file in PACKAGE.rglob("*.py"):
        path = file.relative_to(PACKAGE).as_posix()
        if not path.startswith("practice/"):
            yield from ((path, node) for node in ast.walk(ast.parse(file.read_text())))


def test_f24_what_prepares_a_post_for_a_dry_run_has_no_click() -> None:
    """The one click that submits is in `composer.publish`; every other there is on a notice, or a trial."""
    clicking = {
        function.name
        for path, function in nodes()
        if path == "x/composer.py" and isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "button.click"
    }
    assert clicking == {"publish"}
    preparing = {path for path, call in calls() if isinstance(call.func, ast.Attribute) and call.func.attr == "prepare"}
    assert "systems/dry_run.py" in preparing
    assert "systems/posting.py" not in preparing
