"""What the practice model answers to a prompt: a judgement, a check, a reply or a post. No HTTP, and no JSON schemas.

Two minds belong here: the honest one, for which data is data, and the gullible one, which obeys it.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from xbot_pipelines.practice.prompt_injections import Injection
from xbot_pipelines.practice.prose.assignment import Assignment, read_assignment
from xbot_pipelines.practice.prose.checking import broken_rules, read_checking
from xbot_pipelines.practice.prose.judging import judge, read_judging
from xbot_pipelines.practice.prose.obedience import attempt_in, obey, obey_judging, without_attempt
from xbot_pipelines.practice.prose.quoting import take_apart
from xbot_pipelines.practice.prose.schema import Said
from xbot_pipelines.practice.prose.writer import Writing, write


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it has its shape.

    Attributes:
        say: Says what there is to fill in, fresh each time.
        items: What a list is filled with, one after another; None where it may have any length.
    """

    say: Callable[[], Said]
    items: Sequence[dict[str, Any]] | None = None


def answer(prompt: str, rules: str, chance: random.Random) -> Answer:
    """Answer as an honest model.

    Args:
        prompt: What the user says.
        rules: What the system messages say.
        chance: Draws what the prompt leaves open.
    """
    return _answer(prompt, rules, chance, None)


def answer_gullibly(prompt: str, rules: str, chance: random.Random) -> Answer:
    """Answer as a model that does what stands in the text it reads, if anything in it tells it what to do."""
    if read_checking(prompt) is not None:
        # A draft that obeyed somebody may speak to its judge as well: this one finds nothing wrong with any.
        return Answer(lambda: _checked([]))
    data = [*take_apart(rules).data, *take_apart(prompt).data]
    return _answer(prompt, rules, chance, attempt_in(data))


def _answer(prompt: str, rules: str, chance: random.Random, attempt: Injection | None) -> Answer:
    checking = read_checking(prompt)
    if checking is not None:
        return Answer(lambda: _checked(broken_rules(checking)))
    judging = read_judging(prompt)
    if judging is not None:
        verdicts = judge(judging)
        if attempt is not None:
            verdicts = obey_judging(judging, verdicts)
        return Answer(dict, [asdict(one) for one in verdicts])
    assignment = read_assignment(prompt, rules)
    if attempt is None:
        return Answer(lambda: asdict(write(assignment, chance)))
    innocent = _innocent(assignment, attempt)
    return Answer(lambda: asdict(_obeyed(innocent, attempt, rules, chance)))


def _checked(broken: list[str]) -> Said:
    reason = f"It breaks {' and '.join(broken)}." if broken else "It keeps to the policy."
    return {"broken_rules": broken, "reason": reason}


def _innocent(assignment: Assignment, attempt: Injection) -> Assignment:
    """The assignment as if nobody had tried: what a good text around the obedience would be written for."""
    if assignment.answered is None:
        return assignment
    rest = without_attempt(assignment.answered, attempt)
    return replace(assignment, answered=rest or f"A word on {assignment.subject or 'habits'}.")


def _obeyed(assignment: Assignment, attempt: Injection, rules: str, chance: random.Random) -> Writing:
    return obey(attempt, write(assignment, chance), rules, chance)
