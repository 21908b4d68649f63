"""What an unreadable row means on our own timeline: nothing there is proven absent while it may be ours (F02)."""

from datetime import UTC, datetime, timedelta

import pytest

from xbot_pipelines.x.client import Pages, PostPage, all_of, may_be_ours
from xbot_pipelines.x.shapes import UnreadableRow
from xbot_pipelines.x.text import first_id_at
from xbot_pipelines.x.walls import LayoutChanged

SINCE = datetime(2026, 9, 14, tzinfo=UTC)
OLDER = str(first_id_at(SINCE - timedelta(days=1)))
NEWER = str(first_id_at(SINCE + timedelta(days=1)))


def row(post_id: str | None, handle: str | None = None) -> UnreadableRow:
    return UnreadableRow(row_id="tweet-1", missing="the text", where="answer", post_id=post_id, handle=handle)


@pytest.mark.parametrize(
    ("unreadable", "ours"),
    [
        (row(NEWER), True),
        (row(NEWER, "Daily_Vitals"), True),
        (row(None), True),
        # A server that numbers its posts: its ids tell no time.
        (row("17"), True),
        (row(NEWER, "bo"), False),
        (row(OLDER), False),
    ],
)
def test_an_unreadable_row_may_be_ours_unless_it_is_older_or_somebody_elses(
    unreadable: UnreadableRow, ours: bool
) -> None:
    assert may_be_ours(unreadable, handle="daily_vitals", since=SINCE) is ours


def test_our_posts_are_not_told_as_complete_while_a_row_among_them_cannot_be_read() -> None:
    def pages(*rows: UnreadableRow) -> Pages:
        yield PostPage(posts=(), requests_left=None, unreadable=rows)

    assert all_of([pages()]) == []
    with pytest.raises(LayoutChanged, match="the text is missing on our own timeline"):
        all_of([pages(row(NEWER))])
