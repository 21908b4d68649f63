"""The practice world: posts, readers, followers and time, tied together.

What can be asked of it is a pure function of the seed, the published posts and the moment. It knows nothing of HTTP,
of JSON or of sessions. It is used from one thread (the event loop), and no method awaits, so nothing interleaves.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from xbot_pipelines.practice.archive import AccountRow, Archive
from xbot_pipelines.practice.audience import Ages, Audience
from xbot_pipelines.practice.clock import WorldClock
from xbot_pipelines.practice.crowd import Crowd
from xbot_pipelines.practice.following import Drift, count_until
from xbot_pipelines.practice.people import Cast, Person, own_account
from xbot_pipelines.practice.posts import Counters, Post, is_readers_reply, moment_of, snowflake
from xbot_pipelines.practice.rules import TARGET_GONE, Refusal, refusal_of, within_a_day

# No reader's reply comes later than this after the post it answers.
_LONGEST_ATTENTION = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be put into the world without passing X's rules: a history, or something the cast says."""

    author: Person
    text: str
    created_at: datetime
    in_reply_to: int | None


class World:
    """One world in one archive.

    Raises:
        RuntimeError: The archive holds a world of another seed, or the handle belongs to somebody else.
    """

    def __init__(self, archive: Archive, *, seed: int, handle: str) -> None:
        kept = archive.fact("seed")
        if kept is not None and kept != seed:
            raise RuntimeError(
                f"the data folder holds a practice world of seed {kept}, not {seed}: "
                f"start it with seed {kept}, or choose another data folder"
            )
        archive.keep_fact("seed", seed)
        self.seed = seed
        self.cast = Cast(seed)
        self.clock = WorldClock(**(archive.fact("clock") or {}))
        self._crowd = Crowd(seed, self.cast)
        self._archive = archive
        self._accounts = {row.person.id: row for row in archive.accounts()}
        self._drifts: dict[int, Drift] = {}
        self._posts: dict[int, Post] = {}
        self._answers: dict[int, list[Post]] = defaultdict(list)
        self._by_author: dict[int, list[Post]] = defaultdict(list)
        self._deletions = archive.deletions()
        self._follow_moments: dict[int, Ages] = {}
        self._take_up(archive.posts())
        self.add_account(handle)

    def add_account(self, handle: str) -> None:
        """Make sure that this account of ours exists."""
        if any(row.person.handle.lower() == handle.lower() for row in self._accounts.values()):
            return
        if self.cast.by_handle(handle) is not None:
            raise RuntimeError(f"@{handle} belongs to a reader of this world: choose another handle")
        row = AccountRow(own_account(handle), appeared_at=self.clock.now(), pinned_post_id=None)
        self._archive.keep_account(row)
        self._accounts[row.person.id] = row

    def _take_up(self, posts: Iterable[Post]) -> None:
        for post in posts:
            self._posts[post.id] = post
            self._by_author[post.author_id].append(post)
            if post.in_reply_to is not None:
                self._answers[post.in_reply_to].append(post)
            self._follow_moments.pop(post.author_id, None)

    # People

    @property
    def accounts(self) -> list[Person]:
        """Our accounts, in the order they appeared."""
        return [row.person for row in self._accounts.values()]

    def person(self, person_id: int) -> Person:
        """Anybody in the world, by id. KeyError for an unknown id."""
        row = self._accounts.get(person_id)
        found = row.person if row is not None else self.cast.by_id(person_id)
        if found is None:
            raise KeyError(person_id)
        return found

    def person_by_handle(self, handle: str) -> Person | None:
        """Anybody in the world, by handle, whatever its case."""
        own = (row.person for row in self._accounts.values() if row.person.handle.lower() == handle.lower())
        return next(own, None) or self.cast.by_handle(handle)

    def is_ours(self, person_id: int) -> bool:
        """Whether this is one of our accounts."""
        return person_id in self._accounts

    def followers(self, person: Person, at: datetime) -> int:
        """How many follow this person at that moment. Only our accounts' followings change."""
        row = self._accounts.get(person.id)
        if row is None:
            return person.followers
        drift = self._drifts.get(person.id)
        if drift is None:
            drift = Drift(self.seed, person.id, person.followers, row.appeared_at)
            self._drifts[person.id] = drift
        return person.followers + drift.until(at) + count_until(self._follows(person.id), at)

    def _follows(self, account_id: int) -> Ages:
        """When the posts of an account won a follower: Unix seconds, ascending."""
        moments = self._follow_moments.get(account_id)
        if moments is None:
            won = [np.empty(0)]
            for post in self._by_author[account_id]:
                ages = self._audience(post).follows
                deleted_at = self._deletions.get(post.id)
                if deleted_at is not None:
                    ages = ages[ages <= (deleted_at - post.created_at).total_seconds()]
                won.append(ages + post.created_at.timestamp())
            moments = np.sort(np.concatenate(won))
            self._follow_moments[account_id] = moments
        return moments

    # Posts

    def find(self, post_id: int) -> Post | None:
        """The post with this id, published or a reader's reply, whether visible or not."""
        if not is_readers_reply(post_id):
            return self._posts.get(post_id)
        if self._crowd.known_reply(post_id) is None:
            earliest = snowflake(moment_of(post_id) - _LONGEST_ATTENTION, 0)
            ids = sorted(self._posts)
            for candidate in ids[bisect_left(ids, earliest) : bisect_left(ids, post_id)]:
                self._all_readers_replies(self._posts[candidate])
        return self._crowd.known_reply(post_id)

    def visible(self, post_id: int, at: datetime) -> Post | None:
        """The post with this id, if it is there and not deleted at that moment."""
        post = self.find(post_id)
        return post if post is not None and post.created_at <= at and not self.is_deleted(post_id, at) else None

    def is_deleted(self, post_id: int, at: datetime) -> bool:
        """Whether the post was deleted by then."""
        deleted_at = self._deletions.get(post_id)
        return deleted_at is not None and deleted_at <= at

    def deleted_at(self, post_id: int) -> datetime | None:
        """When the post was deleted, if it was."""
        return self._deletions.get(post_id)

    def pinned(self, person_id: int) -> int | None:
        """The id of the post this account has pinned."""
        row = self._accounts.get(person_id)
        return None if row is None else row.pinned_post_id

    def published(self) -> list[Post]:
        """All published posts of everybody, oldest first, deleted ones among them."""
        return sorted(self._posts.values(), key=lambda post: post.id)

    def posts_of(self, person: Person, at: datetime) -> list[Post]:
        """The visible posts of one person, newest first; a reader's replies under others' posts among them."""
        posts = list(self._by_author[person.id])
        if not self.is_ours(person.id):
            replies = (reply for post in self._posts.values() for reply in self._all_readers_replies(post))
            posts += [reply for reply in replies if reply.author_id == person.id]
        return sorted(self._seen(posts, at), key=lambda post: post.id, reverse=True)

    def replies_to(self, post: Post, at: datetime) -> list[Post]:
        """The visible posts that answer this one directly, oldest first."""
        answers = [*self._answers[post.id], *self._readers_until_deletion(post)]
        return sorted(self._seen(answers, at), key=lambda answer: answer.id)

    def _seen(self, posts: Iterable[Post], at: datetime) -> list[Post]:
        return [post for post in posts if post.created_at <= at and not self.is_deleted(post.id, at)]

    def counters(self, post: Post, at: datetime) -> Counters:
        """The counters of a post at that moment. They grow with time and stand still once it is deleted."""
        deleted_at = self._deletions.get(post.id)
        until = at if deleted_at is None else min(at, deleted_at)
        counters = self._audience(post).counters((until - post.created_at).total_seconds())
        published = len(self._seen(self._answers.get(post.id, ()), at))
        gone = sum(reply.in_reply_to == post.id for reply in self._deleted_readers_replies(at))
        return replace(counters, replies=counters.replies + published - gone) if published or gone else counters

    def _deleted_readers_replies(self, at: datetime) -> list[Post]:
        ids = [post_id for post_id in self._deletions if is_readers_reply(post_id) and self.is_deleted(post_id, at)]
        return [reply for reply in map(self.find, ids) if reply is not None]

    def _target(self, post: Post) -> Post | None:
        return None if post.in_reply_to is None else self.find(post.in_reply_to)

    def _audience(self, post: Post) -> Audience:
        return self._crowd.audience(post, target=self._target(post))

    def _all_readers_replies(self, post: Post) -> Sequence[Post]:
        return self._crowd.replies(post, target=self._target(post))

    def _readers_until_deletion(self, post: Post) -> list[Post]:
        deleted_at = self._deletions.get(post.id)
        replies = self._all_readers_replies(post)
        return [reply for reply in replies if deleted_at is None or reply.created_at <= deleted_at]

    # Changes; each is on the disk before it is answered

    def publish(self, author: Person, text: str, in_reply_to: int | None) -> Post | Refusal:
        """Publish a post now, as CreateTweet does, or say why X does not take it."""
        now = self.clock.now()
        if in_reply_to is not None and self.visible(in_reply_to, now) is None:
            return TARGET_GONE
        recent = within_a_day(self._by_author[author.id], now)
        refusal = refusal_of(
            text,
            is_reply=in_reply_to is not None,
            living=[post for post in recent if not self.is_deleted(post.id, now)],
            published=[post for post in recent if not post.seeded],
        )
        if refusal is not None:
            return refusal
        (post,) = self._keep([NewPost(author, text, now, in_reply_to)], seeded=False)
        return post

    def put(self, posts: Sequence[NewPost]) -> list[Post]:
        """Put posts into the world as if they had been there since their time; all or none.

        Raises:
            ValueError: One would lie in the future, or answers a post that is not there at its time.
        """
        for post in posts:
            if post.created_at > self.clock.now():
                raise ValueError(f"created_at {post.created_at.isoformat()} lies ahead of the world's clock")
            if post.in_reply_to is not None and self.visible(post.in_reply_to, post.created_at) is None:
                raise ValueError(f"in_reply_to {post.in_reply_to}: no such post at {post.created_at.isoformat()}")
        return self._keep(posts, seeded=True)

    def _keep(self, new_posts: Sequence[NewPost], *, seeded: bool) -> list[Post]:
        posts: dict[int, Post] = {}
        for new in new_posts:
            post_id = snowflake(new.created_at, 0)
            while post_id in self._posts or post_id in posts:
                post_id += 1
            target = None if new.in_reply_to is None else self.find(new.in_reply_to)
            posts[post_id] = Post(
                id=post_id,
                author_id=new.author.id,
                text=new.text,
                created_at=moment_of(post_id),
                in_reply_to=new.in_reply_to,
                conversation_id=post_id if target is None else target.conversation_id,
                author_followers=self.followers(new.author, new.created_at),
                seeded=seeded,
            )
        self._archive.keep_posts(posts.values())
        self._take_up(posts.values())
        return list(posts.values())

    def delete(self, post_id: int) -> None:
        """Delete a post now. Deleting it again changes nothing."""
        if post_id in self._deletions:
            return
        now = self.clock.now()
        self._archive.keep_deletion(post_id, now)
        self._deletions[post_id] = now
        post = self._posts.get(post_id)
        if post is not None:
            self._follow_moments.pop(post.author_id, None)

    def pin(self, post: Post) -> None:
        """Pin a post of one of our accounts to its profile."""
        row = replace(self._accounts[post.author_id], pinned_post_id=post.id)
        self._archive.keep_account(row)
        self._accounts[post.author_id] = row

    def newest_moment(self) -> datetime | None:
        """When the newest published post was published: the clock must not go before it."""
        return max((post.created_at for post in self._posts.values()), default=None)

    def keep_clock(self) -> None:
        """Let the clock's present setting survive a restart."""
        self._archive.keep_fact("clock", {"offset": self.clock.offset, "frozen_at": self.clock.frozen_at})
