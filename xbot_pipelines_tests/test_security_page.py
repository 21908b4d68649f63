"""docs/security.md: every test that it names to hold a claim is there."""

import ast
import re

import pytest

from xbot_pipelines_tests.conftest import ROOT

_PAGE = (ROOT / "docs" / "security.md").read_text()
_NAMED = sorted(set(re.findall(r"`((?:\w+/)*test_\w+\.py(?:::test_\w+)?)`", _PAGE)))


def test_page_names_tests_in_every_table() -> None:
    rows = [line for line in _PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| claim", "|---"))]
    assert len(_NAMED) > 25
    assert [row for row in rows if "test_" not in row] == []


@pytest.mark.parametrize("named", _NAMED)
def test_named_test_is_there(named: str) -> None:
    path, _, function = named.partition("::")
    file = ROOT / "xbot_pipelines_tests" / path
    functions = {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}
    assert function in functions if function else any(name.startswith("test_") for name in functions)
