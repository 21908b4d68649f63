"""Whether the database is this stack's: `xbot up` asks before it changes anything there, and as long as it runs."""

from sqlalchemy.exc import OperationalError

from xbot_pipelines.operate.errors import CannotRun
from xbot_pipelines.operate.house import House
from xbot_pipelines.store.database import open_engine
from xbot_pipelines.store.stack_lock import Stack, running_stack


class OneStack:
    """The stack that works on a database, as the daemon's lock says (`store.stack_lock`).

    Dagster's address of the database is asked: the daemon holds the lock as that role, and other roles may not see who
    holds it.
    """

    def __init__(self, house: House, database_url: str) -> None:
        self._engine = open_engine(house.dagster_database_url(database_url))
        self._home = str(house.home)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def demand_no_other(self) -> None:
        """Make sure that no other stack works on the database.

        Raises:
            CannotRun: another one does; the message says which.
        """
        found = self._running()
        if found is not None and not found.is_of(self._home):
            raise CannotRun(found.refusal)

    def is_ours(self) -> bool:
        """Whether our daemon holds the lock."""
        found = self._running()
        return found is not None and found.is_of(self._home)

    def _running(self) -> Stack | None:
        try:
            return running_stack(self._engine)
        except OperationalError:
            # It does not run, or has not Dagster's role yet: whoever uses it next says so, and no daemon can.
            return None
