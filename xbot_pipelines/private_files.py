"""Files that only their owner can read, written whole or not at all: sessions, reports."""

import os
from pathlib import Path

_PRIVATE = 0o600


def write_private(path: Path, content: str) -> None:
    """Writes a file which only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w", encoding="utf-8") as file:
        file.write(content)
    unfinished.replace(path)
