"""The days that readings are kept by: the UTC day on which a post was published."""

from datetime import UTC, datetime

import dagster as dg

from xbot_pipelines.orchestration.location import SETTINGS

PUBLISHED_ON = dg.DailyPartitionsDefinition(
    start_date=SETTINGS.profile.started_on.isoformat(),
    timezone="UTC",
    end_offset=1,  # today is a partition from its first moment: posts are read while their day still runs
)


def window(context: dg.AssetExecutionContext) -> tuple[datetime, datetime]:
    """Answers the span of days that a run is for, as [since, until) in UTC."""
    span = context.partition_time_window
    return span.start, span.end


def day_of(moment: datetime) -> str:
    """Answers the partition that a post published at this moment belongs to."""
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def days(first: datetime, last: datetime) -> dict[str, str]:
    """Answers the tags that make a run be for all days from `first` to `last`."""
    return {"dagster/asset_partition_range_start": day_of(first), "dagster/asset_partition_range_end": day_of(last)}
