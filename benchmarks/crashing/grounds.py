"""The two ways to X as somebody sees them who kills and breaks things: who lives at each step, and what X does wrong.

What is drawn from it is the business of `plans`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.crashing.steps import RECORDING_ANSWER_SECONDS, Step, Victim

Fault = Mapping[str, Any]

_UNTIL_THE_NEXT_PLAN = 99
"""More posts than there can be before X is told something else."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One way to X.

    `create` is what a post is asked for by, `victims` says who lives at each step. Faults strike before X has taken a
    post, after that, on the way there, and where our timeline is read.
    """

    transport: str
    create: str
    victims: Mapping[Step, Sequence[Victim]]
    before_acceptance: Sequence[Fault]
    after_acceptance: Sequence[Fault]
    on_the_way: Sequence[Fault]
    on_the_timeline: Sequence[Fault]

    @property
    def slow_answer(self) -> Fault:
        """Holds the moment after the acceptance open, for every post until the next plan.

        The first one that comes may belong to the run that was hit before.
        """
        return _slow(self.create, 2)

    @property
    def answer_at_a_known_moment(self) -> Fault:
        """Makes the answer come when it is waited for, for the same posts."""
        return _slow(self.create, RECORDING_ANSWER_SECONDS)


def _slow(create: str, seconds: float) -> Fault:
    return {"operation": create, "kind": "slow", "seconds": seconds, "count": _UNTIL_THE_NEXT_PLAN}


_SERVICES = (Victim.CODE_SERVER, Victim.DAEMON, Victim.DATABASE, Victim.WARM_INTERPRETER)
_BEFORE_THE_BROWSER = (Victim.WORKER, *_SERVICES)
_WITH_THE_BROWSER = (Step.SETTLING, Step.TYPING, Step.SUBMITTED, Step.ACCEPTED, Step.RECORDING)

BROWSER = Ground(
    transport="browser",
    create="CreateTweet",
    victims={
        Step.WAITING: _SERVICES,
        Step.STARTING: _BEFORE_THE_BROWSER,
        Step.CLAIMED: _BEFORE_THE_BROWSER,
        **dict.fromkeys(_WITH_THE_BROWSER, tuple(Victim)),
    },
    before_acceptance=(
        {"operation": "CreateTweet", "kind": "http_500_before"},
        {"operation": "CreateTweet", "kind": "connection_reset"},
        {"operation": "CreateTweet", "kind": "empty_tweet_results", "accepted": False},
        {"operation": "CreateTweet", "kind": "error_code", "code": 187},
    ),
    after_acceptance=(
        {"operation": "CreateTweet", "kind": "answer_lost"},
        {"operation": "CreateTweet", "kind": "http_500_after"},
        {"operation": "CreateTweet", "kind": "empty_tweet_results", "accepted": True},
        _slow("CreateTweet", 2),
    ),
    on_the_way=(
        {"operation": "compose", "kind": "toast_never"},
        {"operation": "compose", "kind": "toast_vanishes"},
        {"operation": "compose", "kind": "typeahead"},
        {"operation": "compose", "kind": "connection_reset"},
        {"operation": "home", "kind": "http_500_before"},
    ),
    on_the_timeline=(
        {"operation": "UserRepliesTimeline", "kind": "http_500_before", "count": 2},
        {"operation": "UserOriginalsTimeline", "kind": "connection_reset", "count": 2},
        {"operation": "UserRepliesTimeline", "kind": "slow", "seconds": 2, "count": 2},
    ),
)

API = Ground(
    transport="api",
    create="createPosts",
    # Nothing is typed, and there is no browser to be killed.
    victims={
        Step.WAITING: _SERVICES,
        **dict.fromkeys(
            (Step.STARTING, Step.CLAIMED, Step.SETTLING, Step.SUBMITTED, Step.ACCEPTED, Step.RECORDING),
            _BEFORE_THE_BROWSER,
        ),
    },
    before_acceptance=(
        {"operation": "createPosts", "kind": "http_500_before"},
        {"operation": "createPosts", "kind": "http_503"},
        {"operation": "createPosts", "kind": "connection_reset"},
        {"operation": "createPosts", "kind": "error_code", "code": 187},
    ),
    after_acceptance=(
        {"operation": "createPosts", "kind": "answer_lost"},
        {"operation": "createPosts", "kind": "http_500_after"},
        _slow("createPosts", 2),
    ),
    on_the_way=(
        {"operation": "createPosts", "kind": "logged_out"},
        {"operation": "getUsersMe", "kind": "http_503"},
        {"operation": "getPostsByIds", "kind": "connection_reset"},
    ),
    on_the_timeline=(
        {"operation": "getUsersPosts", "kind": "http_500_before", "count": 2},
        {"operation": "getUsersPosts", "kind": "connection_reset", "count": 2},
        {"operation": "getUsersPosts", "kind": "slow", "seconds": 2, "count": 2},
    ),
)

GROUNDS: Mapping[str, Ground] = {ground.transport: ground for ground in (BROWSER, API)}
"""Each ground by its transport."""
