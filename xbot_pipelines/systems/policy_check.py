"""The judge: a second model call that checks a draft which would be published without a person.

It pays from the same daily budget as everything else that asks the model. A draft of which it could not be asked waits
for a person.
"""

from dataclasses import dataclass

from xbot_pipelines.content.prompts.policy import PolicyVerdict, policy_prompt
from xbot_pipelines.content.writer import WritingFailed
from xbot_pipelines.models import DecisionStatus, Draft
from xbot_pipelines.systems.approval import initial_status
from xbot_pipelines.systems.writing import BudgetSpent, Desk


@dataclass(frozen=True, kw_only=True)
class PolicyCheck:
    """What the judge said: an objection, or why it could not be asked; both None if the draft may be published."""

    objection: str | None = None
    not_asked: str | None = None


def check_policy(desk: Desk, draft: Draft, *, because: str | None = None) -> PolicyCheck:
    """Ask the model whether a draft keeps to the account's policy, if it would go out without a person.

    Args:
        desk: whose draft, and where the model is asked.
        draft: what passed the gates.
        because: why a person has to see it in any case.
    """
    status, _ = initial_status(draft, desk.profile.publishing.approval, objections=(), because=because)
    if status is not DecisionStatus.QUEUED:
        return PolicyCheck()
    try:
        verdict = desk.write(policy_prompt(desk.profile, draft.text), PolicyVerdict, purpose="judge").value
    except (BudgetSpent, WritingFailed) as failure:
        return PolicyCheck(not_asked=f"the judge could not be asked: {failure}")
    if not verdict.broken_rules:
        return PolicyCheck()
    rules = ", ".join(rule.value for rule in verdict.broken_rules)
    return PolicyCheck(objection=f"the judge rejects it ({rules}): {' '.join(verdict.reason.split())[:200]}")
