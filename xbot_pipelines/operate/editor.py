"""A text in the editor of whoever sits before the terminal."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path


class EditorFailed(Exception):
    """The editor could not be started, or ended with an error: what it left is not taken."""


def chosen_editor(environ: Mapping[str, str] = os.environ) -> str | None:
    """The command of the editor that the person has chosen, by VISUAL or EDITOR; None where they have not."""
    return environ.get("VISUAL") or environ.get("EDITOR") or None


def edit_with(editor: str, text: str) -> str:
    """Lets a person edit a text, and answers it as they saved it, without the blanks at its ends.

    Raises:
        EditorFailed: the message says why.
    """
    with tempfile.TemporaryDirectory(prefix="xbot-review-") as folder:
        file = Path(folder) / "draft.txt"
        file.write_text(f"{text}\n", encoding="utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(file)], check=True)
            return file.read_text(encoding="utf-8").strip()
        except (OSError, subprocess.CalledProcessError, ValueError) as failure:
            raise EditorFailed(f"the editor {editor!r} failed: {failure}") from failure
