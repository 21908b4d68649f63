"""A process that executes the real posting job, past any queue, whenever its standard input says `go`.

It goes on until a run is anything but done, prints a line for each run, and `rests`. Its clock is the practice site's
own, so that a test which moves the one moves the other.
"""

import sys
from datetime import UTC, datetime

import dagster as dg

from xbot_pipelines.models import Result
from xbot_pipelines.settings import load_settings
from xbot_pipelines_tests.practice_site import client_of
from xbot_pipelines_tests.systems.jobs import run_job


class SiteClock:
    """The clock of the practice site."""

    def __init__(self, site_url: str) -> None:
        self._http = client_of(site_url)

    def now(self) -> datetime:
        """Answers the site's present moment."""
        return datetime.fromisoformat(self._http.get("/practice/clock").json()["now"]).astimezone(UTC)


def main() -> None:
    """Waits for `go`, and works."""
    clock = SiteClock(load_settings().x_url)
    with dg.DagsterInstance.ephemeral() as instance:
        print("ready", flush=True)
        for _ in sys.stdin:
            result: str | None = Result.DONE
            while result == Result.DONE:
                result = run_job("posting", instance=instance, clock=clock).result
                print(result or "failed", flush=True)
            print("rests", flush=True)


if __name__ == "__main__":
    main()
