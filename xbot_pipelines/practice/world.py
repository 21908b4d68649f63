"""The practice world: posts, readers, followers and time, tied together.

What can be asked of it is a pure function of the seed, the published posts and the moment. It knows nothing of HTTP,
of JSON or of sessions, nor which posts stand in which list (see `streams`). It is used from one thread (the event
loop), and no method awaits, so nothing interleaves.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xbot_pipelines.practice.archive import AccountRow, Archive
from xbot_pipelines.practice.audience import Ages, Audience
from xbot_pipelines.practice.clock import WorldClock, clock_at
from xbot_pipelines.practice.crowd import Crowd, Expected
from xbot_pipelines.practice.fates import Fates
from xbot_pipelines.practice.following import Drift, Wins
from xbot_pipelines.practice.people import Cast, Person, own_account
from xbot_pipelines.practice.posts import Counters, Post, is_of_the_cast, is_readers_reply, moment_of, snowflake
from xbot_pipelines.practice.prompt_injections import carriers
from xbot_pipelines.practice.register import Register, count_until, last_id_at
from xbot_pipelines.practice.repetition import with_freshness
from xbot_pipelines.practice.rules import REPLIES_CLOSED, TARGET_GONE, Refusal, refusal_of, within_a_day
from xbot_pipelines.practice.society.cast_posts import CastPosts
from xbot_pipelines.practice.tastes import Tastes

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
    """One world in one archive. `register` has what was published, `cast_posts` what the cast says.

    A new world begins now, or stands still at `begins_at` until its clock is set.

    Raises:
        RuntimeError: The archive holds a world of another seed, or the handle belongs to somebody else.
    """

    def __init__(self, archive: Archive, *, seed: int, handle: str, begins_at: datetime | None = None) -> None:
        kept = archive.fact("seed")
        if kept is not None and kept != seed:
            raise RuntimeError(
                f"the data folder holds a practice world of seed {kept}, not {seed}: "
                f"start it with seed {kept}, or choose another data folder"
            )
        archive.keep_fact("seed", seed)
        self.seed = seed
        self.cast = Cast(seed, others=tuple(carrier.person for carrier in carriers(seed).values()))
        self.cast_posts = CastPosts(seed)
        self.clock = WorldClock(**(archive.fact("clock") or clock_at(begins_at)))
        self.tastes = Tastes(archive, seed)
        self._crowd = Crowd(seed, self.cast, self.tastes)
        self._archive = archive
        self._accounts: dict[int, AccountRow] = {}
        for row in archive.accounts():
            self._take_in(row)
        self._drifts: dict[int, Drift] = {}
        self.register = Register()
        self.fates = Fates(archive, seed)
        self._wins = Wins(self._moments_of_follows)
        # Readers' replies are drawn when they are asked for. These posts were not asked yet, and of these deleted
        # replies it is not known yet under which post they stood.
        self._without_replies: list[Post] = []
        self._deleted_replies_to_place = [post_id for post_id in self.fates.deleted_posts if is_readers_reply(post_id)]
        self._deleted_replies: dict[int, list[int]] = defaultdict(list)
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
        self._take_in(row)

    def _take_in(self, row: AccountRow) -> None:
        self._accounts[row.person.id] = row
        self.cast_posts.addressed.append(row.person)

    def _take_up(self, posts: Sequence[Post]) -> None:
        self.register.add(posts)
        self._wins.add(posts)
        self._without_replies += posts

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

    def is_protected(self, person_id: int) -> bool:
        """Whether only followers see this person's posts; nobody who looks here is one."""
        return person_id not in self._accounts and self.person(person_id).protected

    def followers(self, person: Person, at: datetime) -> int:
        """How many follow this person at that moment. Only our accounts' followings change."""
        row = self._accounts.get(person.id)
        if row is None:
            return person.followers
        drift = self._drifts.setdefault(person.id, Drift(self.seed, person.id, person.followers, row.appeared_at))
        return person.followers + drift.until(at) + self._wins.until(person.id, at)

    def _moments_of_follows(self, post: Post) -> Ages:
        ages = self._audience(post).follows
        deleted_at = self.fates.deleted_at(post.id)
        if deleted_at is not None:
            ages = ages[ages <= (deleted_at - post.created_at).total_seconds()]
        return ages + post.created_at.timestamp()

    # Posts

    def find(self, post_id: int) -> Post | None:
        """The post with this id, published, of the cast or a reader's reply, whether visible or not."""
        if is_of_the_cast(post_id):
            return self.cast_posts.find(post_id)
        if not is_readers_reply(post_id):
            return self.register.get(post_id)
        if self._crowd.known_reply(post_id) is None:
            earliest = snowflake(moment_of(post_id) - _LONGEST_ATTENTION, 0)
            for candidate in self.register.between(earliest, post_id):
                self._all_readers_replies(candidate)
        return self._crowd.known_reply(post_id)

    def visible(self, post_id: int, at: datetime) -> Post | None:
        """The post with this id, if it is there and neither deleted nor hidden at that moment, nor protected."""
        post = self.find(post_id)
        if post is None or post.created_at > at or self.is_protected(post.author_id):
            return None
        return post if self.fates.is_open(post_id, at) else None

    def pinned(self, person_id: int) -> int | None:
        """The id of the post this account has pinned."""
        row = self._accounts.get(person_id)
        return None if row is None else row.pinned_post_id

    def published(self) -> Sequence[Post]:
        """All published posts of everybody, oldest first, deleted ones among them."""
        return self.register.all()

    def post_count(self, account: Person, at: datetime) -> int:
        """How many posts an account of ours has published by then and not deleted."""
        deleted = (
            self.register.get(post_id) for post_id in self.fates.deleted_posts if self.fates.is_deleted(post_id, at)
        )
        gone = sum(1 for post in deleted if post is not None and post.author_id == account.id)
        return count_until(self.register.of(account.id), last_id_at(at)) - gone

    def replies_to(self, post: Post, at: datetime) -> list[Post]:
        """The visible posts that answer this one directly, oldest first."""
        answers = [*self._published_answers(post.id), *self._readers_until_deletion(post)]
        seen = (answer for answer in answers if answer.created_at <= at and self.fates.is_open(answer.id, at))
        return sorted(seen, key=lambda answer: answer.id)

    def _published_answers(self, post_id: int) -> list[Post]:
        return [*self.register.answers(post_id), *self.cast_posts.answers(post_id)]

    def counters(self, post: Post, at: datetime) -> Counters:
        """The counters of a post at that moment.

        They grow with time and stand still once it is deleted; only a correction (see `fates`) makes one fall.
        """
        deleted_at = self.fates.deleted_at(post.id)
        until = at if deleted_at is None else min(at, deleted_at)
        drawn = self._audience(post).counters((until - post.created_at).total_seconds())
        answers = self._published_answers(post.id)
        published = sum(answer.created_at <= at and not self.fates.is_deleted(answer.id, at) for answer in answers)
        gone = sum(self.fates.is_deleted(reply_id, at) for reply_id in self._deleted_replies_to(post))
        counted = replace(drawn, replies=drawn.replies + published - gone) if published or gone else drawn
        corrections = self.fates.corrections(post.id, at)
        return counted.changed(corrections) if corrections else counted

    def expected(self, post: Post) -> Expected:
        """What a post could expect in all when it was published, before luck."""
        return self._crowd.expected(post, target=self._target(post))

    def _deleted_replies_to(self, post: Post) -> Sequence[int]:
        while self._deleted_replies_to_place:
            reply = self.find(self._deleted_replies_to_place.pop())
            if reply is not None and reply.in_reply_to is not None:
                self._deleted_replies[reply.in_reply_to].append(reply.id)
        return self._deleted_replies.get(post.id, ())

    def _target(self, post: Post) -> Post | None:
        return None if post.in_reply_to is None else self.find(post.in_reply_to)

    def _audience(self, post: Post) -> Audience:
        return self._crowd.audience(post, target=self._target(post))

    def _all_readers_replies(self, post: Post) -> Sequence[Post]:
        return self._crowd.replies(post, target=self._target(post))

    def replies_of_reader(self, reader_id: int) -> Sequence[Post]:
        """All replies of one reader under published posts, of any time and in no order."""
        while self._without_replies:
            self._all_readers_replies(self._without_replies.pop())
        return self._crowd.known_replies_of(reader_id)

    def _readers_until_deletion(self, post: Post) -> list[Post]:
        deleted_at = self.fates.deleted_at(post.id)
        replies = self._all_readers_replies(post)
        return [reply for reply in replies if deleted_at is None or reply.created_at <= deleted_at]

    # Changes; each is on the disk before it is answered

    def publish(self, author: Person, text: str, in_reply_to: int | None) -> Post | Refusal:
        """Publish a post now, as CreateTweet does, or say why X does not take it."""
        now = self.clock.now()
        target = None if in_reply_to is None else self.visible(in_reply_to, now)
        if in_reply_to is not None and target is None:
            return TARGET_GONE
        if target is not None and target.reply_policy is not None:
            return REPLIES_CLOSED
        recent = within_a_day(self.register.of(author.id), now)
        refusal = refusal_of(
            text,
            is_reply=in_reply_to is not None,
            living=[post for post in recent if not self.fates.is_deleted(post.id, now)],
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
        kept = self._keep(posts, seeded=True)
        # Drawn here, where somebody waits for a history anyway, and not when the first page is asked for.
        for author_id in {post.author_id for post in kept if self.is_ours(post.author_id)}:
            self._wins.until(author_id, self.clock.now())
        return kept

    def _keep(self, new_posts: Sequence[NewPost], *, seeded: bool) -> list[Post]:
        posts: dict[int, Post] = {}
        for new in new_posts:
            post_id = snowflake(new.created_at, 0)
            while self.register.get(post_id) is not None or post_id in posts:
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
        kept = with_freshness(list(posts.values()), self.register.of)
        self._archive.keep_posts(kept)
        self._take_up(kept)
        return kept

    def delete(self, post_id: int) -> None:
        """Delete a post now. Deleting it again changes nothing."""
        now = self.clock.now()
        if self.fates.is_deleted(post_id, now):
            return
        self.fates.delete(post_id, now)
        if is_readers_reply(post_id):
            self._deleted_replies_to_place.append(post_id)
        post = self.register.get(post_id)
        if post is not None:
            self._wins.begin_again(post.author_id, self.register.of(post.author_id))

    def pin(self, post: Post) -> None:
        """Pin a post of one of our accounts to its profile."""
        row = replace(self._accounts[post.author_id], pinned_post_id=post.id)
        self._archive.keep_account(row)
        self._accounts[post.author_id] = row

    def newest_moment(self) -> datetime | None:
        """When the newest published post was published: the clock must not go before it."""
        posts = self.register.all()
        return posts[-1].created_at if posts else None

    def keep_clock(self) -> None:
        """Let the clock's present setting survive a restart."""
        self._archive.keep_fact("clock", {"offset": self.clock.offset, "frozen_at": self.clock.frozen_at})
