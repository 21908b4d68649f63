"""Writing within the day's budget: the way by which every system asks the language model.

The budget is a hard stop: once it is spent no call is made until the account's next day, and its owner is told once.
How a model is asked belongs to `content.writer`, with what words to `content.prompts`.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from xbot_pipelines.clock import Clock
from xbot_pipelines.content.prompts.prompt import Prompt
from xbot_pipelines.content.writer import Writer
from xbot_pipelines.models import ModelUsage
from xbot_pipelines.settings import AccountSettings, ModelSettings
from xbot_pipelines.store import spending
from xbot_pipelines.store.alerts import close_alert, raise_alert
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.quotas import day_began, next_day_begins

MODEL_BUDGET = "model budget"
"""The cause of the alert that today's budget is spent."""

Shape = TypeVar("Shape", bound=BaseModel)


class BudgetSpent(Exception):
    """Today's model budget is spent: the model was not asked."""


@dataclass(frozen=True, kw_only=True)
class Written(Generic[Shape]):
    """What the model answered, what that used, and what it cost in US dollars."""

    value: Shape
    usage: ModelUsage
    cost_usd: float


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where one run of one account writes."""

    database: AccountDatabase
    profile: AccountSettings
    writer: Writer
    clock: Clock
    by: Provenance

    def write(self, prompt: Prompt, shape: type[Shape], *, purpose: str) -> Written[Shape]:
        """Asks the model once, and writes down what that cost.

        Raises:
            BudgetSpent: see the module.
            WritingFailed: the model could not be asked, or answered something else.
        """
        self.check_budget()
        value, usage = self.writer.write(prompt, shape)
        cost = cost_usd(usage, self.profile.model)
        now = self.clock.now()
        spending.record_call(self.database, usage, purpose=purpose, cost_usd=cost, now=now, by=self.by)
        return Written(value=value, usage=usage, cost_usd=cost)

    def check_budget(self) -> None:
        """Makes sure that the model may be asked today.

        Raises:
            BudgetSpent: see the module.
        """
        now = self.clock.now()
        account, budget = self.database.account, self.profile.model.daily_budget_usd
        spent = spending.spent_since(self.database, day_began(now, self.profile.timezone))
        if spent < budget:
            with self.database.transaction() as connection:
                close_alert(connection, account, cause=MODEL_BUDGET, now=now)
            return
        until = next_day_begins(now, self.profile.timezone)
        sentence = (
            f"today's model budget of ${budget:.2f} is spent (${spent:.4f}): nothing is written until "
            f"{until:%Y-%m-%d %H:%M} UTC; model.daily_budget_usd in the account's file raises it"
        )
        with self.database.transaction() as connection:
            raise_alert(connection, account, cause=MODEL_BUDGET, sentence=sentence, now=now)
        raise BudgetSpent(sentence)


def cost_usd(usage: ModelUsage, prices: ModelSettings) -> float:
    """What one call cost, by the prices in the settings, which are dollars per million tokens."""
    return (
        usage.prompt_tokens * prices.prompt_price_usd + usage.completion_tokens * prices.completion_price_usd
    ) / 1_000_000
