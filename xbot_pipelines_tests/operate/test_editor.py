"""A text in the editor of a person's choice."""

import sys
from pathlib import Path

import pytest

from xbot_pipelines.operate.editor import EditorFailed, chosen_editor, edit_with


def test_the_editor_is_the_one_that_the_person_chose() -> None:
    assert chosen_editor({"VISUAL": "code --wait", "EDITOR": "vi"}) == "code --wait"
    assert chosen_editor({"VISUAL": "", "EDITOR": "vi"}) == "vi"
    assert chosen_editor({}) is None


def test_an_editor_is_given_the_text_and_what_it_saves_is_taken(tmp_path: Path) -> None:
    script = tmp_path / "my editor.py"
    script.write_text(
        "import sys, pathlib; file = pathlib.Path(sys.argv[1]); file.write_text(file.read_text().upper())"
    )
    assert edit_with(f"{sys.executable} '{script}'", "größe\nzwei") == "GRÖSSE\nZWEI"


@pytest.mark.parametrize("editor", ["false", "there-is-no-such-editor", "'"])
def test_an_editor_that_fails_is_one_sentence(editor: str) -> None:
    with pytest.raises(EditorFailed, match="failed"):
        edit_with(editor, "text")
