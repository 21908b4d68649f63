"""Account files for tests: the example account's, with something else in it."""

import json
import re
from pathlib import Path

from xbot_pipelines_tests.conftest import ROOT


def accounts_with(folder: Path, **settings: int | str) -> Path:
    """Answers a folder with the example account's file, but with other settings."""
    written = (ROOT / "accounts" / "practice.toml").read_text()
    for name, value in settings.items():
        written, replaced = re.subn(rf"^{name} = .*$", f"{name} = {json.dumps(value)}", written, flags=re.MULTILINE)
        assert replaced == 1, name
    accounts = folder / "accounts"
    accounts.mkdir(exist_ok=True)
    (accounts / "practice.toml").write_text(written)
    return accounts
