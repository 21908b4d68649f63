"""Account files for tests: the example account's, with something else in it."""

import json
import re
from pathlib import Path

from xbot_pipelines.settings import Settings
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


def of_x(settings: Settings) -> Settings:
    """Return the same account as one of X itself."""
    profile = settings.profile.model_copy(update={"x": "x.com"})
    return settings.model_copy(update={"profile": profile, "x_url": "https://x.com"})
