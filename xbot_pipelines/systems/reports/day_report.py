"""What a day was: its sections as typed values, and the summary that comes first. How it looks is not known here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import quote

from xbot_pipelines.systems.reports.days import Day
from xbot_pipelines.systems.reports.sections.audience import Conversations, Followers, Opportunities
from xbot_pipelines.systems.reports.sections.believing import Beliefs
from xbot_pipelines.systems.reports.sections.comparing import Comparison
from xbot_pipelines.systems.reports.sections.publishing import Checkpoints, Decisions, Published
from xbot_pipelines.systems.reports.sections.running import Alerts, ModelCost
from xbot_pipelines.systems.reports.sections.section import Headline, Section


@dataclass(frozen=True, kw_only=True)
class DayReport:
    """One day of one account, as it was known at `written_at`. Its sections come in the order of their fields."""

    handle: str
    x_url: str
    day: Day
    written_at: datetime
    alerts: Alerts
    published: Published
    followers: Followers
    checkpoints: Checkpoints
    comparison: Comparison
    beliefs: Beliefs
    conversations: Conversations
    opportunities: Opportunities
    decisions: Decisions
    model: ModelCost

    @property
    def sections(self) -> Mapping[str, Section]:
        """The sections by the names of their fields, which are those of their parts of the templates."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, Section)}

    @property
    def summary(self) -> str:
        """The day in a few sentences of plain language."""
        return " ".join(section.in_short for section in self.sections.values() if section.in_short)

    @property
    def headlines(self) -> list[Headline]:
        """The figures at its head."""
        return [section.headline for section in self.sections.values() if section.headline is not None]

    def address(self, post_id: str, author: str | None = None) -> str:
        """Where a post is on X: one of ours, or of somebody else, whose handle is whatever X has shown us."""
        return f"{self.x_url}/{quote(author or self.handle, safe='')}/status/{post_id}"
