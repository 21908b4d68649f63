"""robots.txt: what a site allows us to read. Pure; it is fetched in `fetching` and kept in `store`.

By RFC 9309: the longest rule that matches counts, with its wildcards; a file that is not there allows everything, one
that cannot be had for now allows nothing, and a copy may be used for a day.
"""

from datetime import timedelta

from protego import Protego

from xbot_pipelines.models import RobotsFile

AGENT = "xbot-pipelines"
"""The name by which a site can address us in its robots.txt."""

KEPT_FOR = timedelta(days=1)
"""How long a copy may be used (RFC 9309, 2.4)."""

LONGEST = 500 * 1024
"""How many bytes of a file count (RFC 9309, 2.5)."""


def allows(robots: RobotsFile, url: str) -> bool:
    """Says whether the site lets us read an address of it."""
    return Protego.parse(robots.text.removeprefix("\ufeff")).can_fetch(url, AGENT)
