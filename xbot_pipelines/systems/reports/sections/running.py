"""What it took to run the account: the language model's cost, and the alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from xbot_pipelines.store.days import DayAlert, ModelUse
from xbot_pipelines.systems.reports.sections.section import Headline, Section
from xbot_pipelines.systems.reports.words import UNKNOWN, counted, dollars, number, sentence

_NEARLY = 0.8


@dataclass(frozen=True, kw_only=True)
class ModelCost(Section):
    """What the language model was asked for, and what that cost, beside what it may cost a day; in US dollars."""

    uses: Sequence[ModelUse]
    daily_budget_usd: float

    @property
    def cost_usd(self) -> float | None:
        """What all calls cost together, as far as their price is known; None: it is of none."""
        calls = sum(use.calls for use in self.uses)
        return None if calls and calls == self.calls_of_unknown_cost else sum(use.cost_usd for use in self.uses)

    @property
    def calls_of_unknown_cost(self) -> int:
        """Of how many calls it is not known what they cost."""
        return sum(use.calls_of_unknown_cost for use in self.uses)

    @property
    def in_short(self) -> str:
        """What it cost, where that is nearly all that it may cost."""
        nearly_spent = self.cost_usd is not None and self.cost_usd >= _NEARLY * self.daily_budget_usd
        return self.in_words if self.uses and nearly_spent else ""

    @property
    def in_words(self) -> str:
        """What it cost."""
        if not self.uses:
            return "The language model was not asked."
        if self.cost_usd is None:
            return "What the language model cost is not known."
        unknown = self.calls_of_unknown_cost
        of_the_rest = f"; what {counted(unknown, 'call')} cost is not known" if unknown else ""
        budget = dollars(self.daily_budget_usd)
        return f"The language model cost {dollars(self.cost_usd)} of the day's {budget}{of_the_rest}."

    @property
    def headline(self) -> Headline:
        """What it cost."""
        at_least = "≥ " if self.calls_of_unknown_cost else ""
        cost = UNKNOWN if self.cost_usd is None else f"{at_least}{dollars(self.cost_usd)}"
        return Headline(f"model, of {dollars(self.daily_budget_usd)}", cost)


@dataclass(frozen=True, kw_only=True)
class Alerts(Section):
    """What the owner had to know: the alerts that were open at some time of the day."""

    alerts: Sequence[DayAlert]

    @property
    def in_short(self) -> str:
        """What they say, where there are few."""
        if not self.alerts:
            return ""
        if len(self.alerts) == 1:
            return sentence(f"one alert was open: {self.alerts[0].sentence.rstrip('.')}")
        return sentence(f"{counted(len(self.alerts), 'alert')} were open")

    @property
    def headline(self) -> Headline:
        """How many there were."""
        return Headline("alerts", number(len(self.alerts)) if self.alerts else "none")
