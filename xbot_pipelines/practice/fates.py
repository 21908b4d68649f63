"""What happens to posts besides what readers do: deleted, hidden by X and shown again, counters that X corrects.

What the cast takes back is drawn (see `society.regrets`); everything else is kept with its moment, so that what was so
at any moment can be asked later. What a post has come to by
itself is drawn in `crowd`; both meet in `world`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from xbot_pipelines.practice.archive import Archive
from xbot_pipelines.practice.society.regrets import taken_back_at


class Fates:
    """The fates of all posts of one archive and one seed; each change is on the disk before it is answered."""

    def __init__(self, archive: Archive, seed: int) -> None:
        self._archive = archive
        self._seed = seed
        self._deletions = archive.deletions()
        self._hidings: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
        self._corrections: dict[int, list[tuple[datetime, str, int]]] = defaultdict(list)
        for post_id, at, hidden in archive.hidings():
            self._hidings[post_id].append((at, hidden))
        for post_id, at, counter, change in archive.corrections():
            self._corrections[post_id].append((at, counter, change))

    @property
    def deleted_posts(self) -> Iterable[int]:
        """The ids of all posts that were ever deleted, but for those which the cast took back."""
        return self._deletions.keys()

    def deleted_at(self, post_id: int) -> datetime | None:
        """When the post was deleted, if it was, or when it will be."""
        kept, drawn = self._deletions.get(post_id), taken_back_at(self._seed, post_id)
        return drawn if kept is None or (drawn is not None and drawn < kept) else kept

    def is_deleted(self, post_id: int, at: datetime) -> bool:
        """Whether the post was deleted by then."""
        deleted_at = self.deleted_at(post_id)
        return deleted_at is not None and deleted_at <= at

    def is_hidden(self, post_id: int, at: datetime) -> bool:
        """Whether X hides the post from everybody at that moment. What readers did to it goes on counting."""
        events = self._hidings.get(post_id)
        return events is not None and next((hidden for since, hidden in reversed(events) if since <= at), False)

    def is_open(self, post_id: int, at: datetime) -> bool:
        """Whether the post is neither deleted nor hidden at that moment."""
        return not self.is_deleted(post_id, at) and not self.is_hidden(post_id, at)

    def corrections(self, post_id: int, at: datetime) -> Mapping[str, int]:
        """What was added to each counter of a post until then; a counter that was left alone is not in it."""
        changes: Counter[str] = Counter()
        for since, counter, change in self._corrections.get(post_id, ()):
            if since <= at:
                changes[counter] += change
        return changes

    def delete(self, post_id: int, at: datetime) -> None:
        """Delete a post that is not deleted yet."""
        self._archive.keep_deletion(post_id, at)
        self._deletions[post_id] = at

    def hide(self, post_id: int, at: datetime) -> None:
        """Hide a post from then on. Hiding it again changes nothing."""
        if not self.is_hidden(post_id, at):
            self._keep_hiding(post_id, at, hidden=True)

    def show(self, post_id: int, at: datetime) -> None:
        """Show a hidden post again from then on."""
        if self.is_hidden(post_id, at):
            self._keep_hiding(post_id, at, hidden=False)

    def _keep_hiding(self, post_id: int, at: datetime, *, hidden: bool) -> None:
        self._archive.keep_hiding(post_id, at, hidden=hidden)
        self._hidings[post_id].append((at, hidden))

    def correct(self, post_id: int, at: datetime, changes: Mapping[str, int]) -> None:
        """Add to counters of a post from then on; names as in `Counters`. No counter will show less than zero."""
        self._archive.keep_corrections(post_id, at, changes)
        self._corrections[post_id] += [(at, counter, change) for counter, change in changes.items()]
