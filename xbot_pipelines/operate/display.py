"""Whether this machine can show a person a window. What is shown in one belongs to whoever asks."""

import os
import sys
from collections.abc import Mapping


def has_display(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Says whether a window can be shown: on Linux a display has to be named, elsewhere there is one."""
    return platform != "linux" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
