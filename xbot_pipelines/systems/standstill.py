"""Standstill: the account may not act now, whatever it was about to do. What a wall of X is lies in `x.walls`."""

from xbot_pipelines.x.walls import Wall


class Standstill(Wall):
    """The account may not act now: it is paused, waits for a limit, or its budget is spent. Nothing was asked of X."""
