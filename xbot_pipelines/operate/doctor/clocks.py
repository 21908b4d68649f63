"""Our clock against that of others: slots, limits and the end of tokens are all told by it.

Who is asked lies with whoever asks: `database`, `way_to_x`, `language_model`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from xbot_pipelines.clock import utc
from xbot_pipelines.operate.doctor.finding import Finding, Findings, fault, fine
from xbot_pipelines.operate.spans import in_words

APART = timedelta(seconds=60)
"""So far clocks may be apart before anything goes wrong by it."""


def compared(whose: str, theirs: datetime, *, ours: datetime) -> Finding:
    """Says whether our clock goes with somebody else's; both at the same moment."""
    about, apart = f"clock against {whose}", ours - theirs
    if abs(apart) <= APART:
        return fine(about, f"{abs(apart).total_seconds():.0f} s apart")
    direction = "ahead of" if apart > timedelta() else "behind"
    return fault(
        about,
        f"the clock of this machine is {in_words(abs(apart))} {direction} {whose}'s: {ours:%Y-%m-%d %H:%M:%S} UTC "
        f"here, {theirs:%H:%M:%S} UTC there",
        to_do="let the machine keep time (`timedatectl set-ntp true`), or that of the other side",
    )


def dated(whose: str, headers: Mapping[str, str], *, ours: datetime) -> Findings:
    """Says the same of an answer of HTTP; nothing where it does not say when it was given."""
    try:
        theirs = utc(parsedate_to_datetime(headers["date"]))
    except (KeyError, ValueError):
        return
    yield compared(whose, theirs, ours=ours)
