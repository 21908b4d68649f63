"""The faults that a rehearsal can have on, by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from xbot_pipelines.operate.rehearsal.practice_site import PracticeSite

SHARE = 0.05
"""Of all requests and page loads, how many go wrong where faults are on."""

# Every way in which practice X can misbehave. One in a front end strikes a page load, the others whatever is asked for.
_ROUGH: Sequence[Mapping[str, Any]] = (
    {"kind": "answer_lost"},
    {"kind": "http_500_before"},
    {"kind": "http_500_after"},
    {"kind": "connection_reset"},
    {"kind": "slow", "seconds": 2},
    {"kind": "http_429"},
    {"kind": "http_503"},
    {"kind": "error_code", "code": 131},
    {"kind": "empty_tweet_results", "operation": "CreateTweet"},
    {"kind": "logged_out"},
    {"kind": "deleted_target", "operation": "CreateTweet"},
    {"kind": "challenge"},
    {"kind": "locked"},
    {"kind": "suspended"},
    {"kind": "toast_never"},
    {"kind": "toast_vanishes"},
    {"kind": "typeahead"},
    {"kind": "unknown_dialog"},
    {"kind": "layout_changed"},
)

FAULTS: Mapping[str, Sequence[Mapping[str, Any]]] = {"rough": _ROUGH}
"""Each set of faults by its name."""


def switch_on(site: PracticeSite, name: str) -> None:
    """Lets `SHARE` of everything go wrong, each way as often as any other."""
    faults = FAULTS[name]
    for fault in faults:
        site.add_fault({"operation": "*", **fault, "probability": SHARE / len(faults)})
