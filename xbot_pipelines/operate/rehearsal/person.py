"""The person behind the account, as far as a rehearsal needs one: who comes when it stands still, and lets it go on."""

from datetime import datetime, timedelta

from xbot_pipelines.operate.practice_session import provide_practice_login
from xbot_pipelines.operate.rehearsal.stage import Stage
from xbot_pipelines.store import account

COMES_AFTER = timedelta(minutes=10)
"""How long the account stands still before somebody comes."""


class Person:
    """Somebody who logs in again and resumes the account, some minutes after it was paused.

    What `xbot resume` asks of X first is not asked: a browser of the person's own would be the second one.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.comes_at: datetime | None = None
        self.came = 0

    def look_after_the_account(self) -> None:
        """Notices that the account is paused, or does something about it when it is time."""
        settings, now = self._stage.settings, self._stage.clock.now()
        if self.comes_at is not None and self.comes_at <= now:
            provide_practice_login(settings, self._stage.clock)
            account.resume(self._stage.database, now=now)
            self.comes_at = None
            self.came += 1
        paused_at = account.state_of(self._stage.database).paused_at
        if self.comes_at is None and paused_at is not None:
            self.comes_at = paused_at + COMES_AFTER
