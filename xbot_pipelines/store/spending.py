"""What the language model has cost: one row a call."""

from datetime import datetime

from sqlalchemy import func, insert, select

from xbot_pipelines.models import ModelUsage
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines.store.schema import llm_calls


def record_call(
    database: AccountDatabase,
    usage: ModelUsage,
    *,
    purpose: str,
    cost_usd: float | None,
    now: datetime,
    by: Provenance,
) -> None:
    """Writes down one call of the language model; `cost_usd` is None where the model's price is not known."""
    with database.transaction() as connection:
        connection.execute(
            insert(llm_calls).values(
                account=database.account,
                purpose=purpose,
                model=usage.model,
                prompt_tokens=usage.prompt_tokens,
                completion_tokens=usage.completion_tokens,
                cost_usd=cost_usd,
                latency_seconds=usage.latency_seconds,
                called_at=now,
                run_id=by.run_id,
            )
        )


def spent_since(database: AccountDatabase, moment: datetime) -> float:
    """Answers what the model's calls have cost since a moment, in US dollars."""
    with database.transaction() as connection:
        spent = connection.scalar(
            select(func.coalesce(func.sum(llm_calls.c.cost_usd), 0)).where(
                llm_calls.c.account == database.account, llm_calls.c.called_at >= moment
            )
        )
    return float(spent or 0)
