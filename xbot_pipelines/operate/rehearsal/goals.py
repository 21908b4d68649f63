"""What a rehearsal must show, and whether it did. A goal says in one sentence what it asks and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from xbot_pipelines.operate.rehearsal.figures import Cost, Figures, Lateness
from xbot_pipelines.settings import Caps
from xbot_pipelines.x.api.prices import dollars

_MEDIAN_SECONDS = 60
_WORST_SECONDS = 300


@dataclass(frozen=True)
class Goal:
    """One thing that was hoped for: whether it came true, and what was found."""

    kept: bool
    said: str


def safe_goals(figures: Figures, caps: Caps) -> Sequence[Goal]:
    """Holds a rehearsal against what every day must be, whatever goes wrong in it: nothing twice, nothing lost."""
    tally = figures.tally
    due = tally.on_time + tally.late + tally.missed + tally.owed
    rate = "none was due" if tally.rate is None else f"{tally.rate:.0%}"
    return [
        Goal(
            figures.most_replies_an_hour <= caps.replies_per_hour,
            f"{figures.replies} replies, at most {figures.most_replies_an_hour} within an hour "
            f"(cap: {caps.replies_per_hour})",
        ),
        Goal(figures.duplicates == 0, f"{figures.duplicates} posts published twice"),
        Goal(
            figures.unrecorded == 0 and figures.made_up == 0,
            f"{figures.unrecorded} posts on X that no table knows, {figures.made_up} in the tables that are not on X",
        ),
        Goal(
            tally.owed == 0 and tally.missed == 0,
            f"{tally.on_time + tally.late} of {due} checkpoints recorded that fell due ({rate})",
        ),
        _browsers(figures),
        *([] if figures.cost is None else [_counted_rightly(figures.cost)]),
    ]


def _browsers(figures: Figures) -> Goal:
    most = 1 if figures.cost is None else 0
    return Goal(figures.most_browsers <= most, f"at most {figures.most_browsers} browser open at once")


def _counted_rightly(cost: Cost) -> Goal:
    # Of what broke off nobody knows whether X has charged for it: it is counted, so that no budget is overdrawn.
    return Goal(
        cost.usd >= cost.billed,
        f"X's API has cost {dollars(cost.usd)} by our count, {dollars(cost.billed)} by practice X's bill",
    )


def punctual_goals(figures: Figures, caps: Caps) -> Sequence[Goal]:
    """Holds a rehearsal against what a day must be in which nothing goes wrong: everything, and in time."""
    hours = figures.script.hours
    wanted = int(min(caps.posts_per_hour * hours, caps.posts_per_day * max(hours / 24, 1)))
    return [
        Goal(figures.singles >= wanted, f"{figures.singles} posts published, of {wanted} that the caps allow"),
        _read_in_time(figures.reading_lateness),
    ]


def _read_in_time(lateness: Lateness | None) -> Goal:
    what = "checkpoints were read"
    if lateness is None:
        return Goal(kept=True, said=f"{what}: none was due")
    kept = lateness.median <= _MEDIAN_SECONDS and lateness.worst <= _WORST_SECONDS
    return Goal(
        kept, f"{what} {lateness.median:.0f} s after their moment in the median, {lateness.worst:.0f} s at worst"
    )
