"""What is typed after `xbot export`, and what is meant by it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.export_request import read_request
from xbot_pipelines.settings import Settings
from xbot_pipelines.store.exports import Published


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"tables": ["posts", "post"]}, "--table 'post': should be one of posts, readings, checkpoints"),
        ({"file_format": "xlsx"}, "--format 'xlsx': should be one of csv, parquet"),
        ({"since": "yesterday"}, "--since 'yesterday': should be a UTC day such as 2026-02-01, or a time with its"),
        ({"since": ""}, "--since '': should be a UTC day"),
        ({"until": "2026-02-30"}, "--until '2026-02-30': should be a UTC day"),
        ({"until": "2026-02-01T06:30"}, "--until '2026-02-01T06:30': should be a UTC day .* with its timezone"),
        ({"since": "0001-01-01T00:00+14:00"}, "--since '0001-01-01T00:00.14:00': should be a UTC day"),
        ({"since": "2026-03-01", "until": "2026-03-01"}, "--since 2026-03-01 --until 2026-03-01: no time lies between"),
        ({"since": "2026-03-01", "until": "2026-03-01T00:30+01:00"}, "no time lies between"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_one_sentence(
    settings: Settings, typed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotRun, match=sentence):
        read_request(settings, **typed)


def test_f27_days_are_those_of_utc_and_times_are_of_the_timezone_that_they_name(settings: Settings) -> None:
    request = read_request(settings, since="2026-02-01", until="2026-02-28T23:30-02:00")
    assert request.published == Published(
        since=datetime(2026, 2, 1, tzinfo=UTC), until=datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    )
