"""A post as the JSON object X answers (`tweet_results.result`), with its author and its counters at one moment.

Which posts stand in an answer, and in which order, is decided in `timelines`.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.entities import Written, stamp, write_escaped, write_plain
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.posts import Counters, Post, snowflake
from xbot_pipelines.practice.user_shapes import Portrait, user_object
from xbot_pipelines.practice.wording import MOST_WEIGHT, weight
from xbot_pipelines.practice.world import World

Json = dict[str, Any]

# A post younger than this shows no view count yet: `views` is only {"state": "Enabled"}.
_COUNTING_STARTS = timedelta(seconds=20)
_EDITABLE = timedelta(hours=1)
_FOLD = 280  # characters of a long post that `full_text` still has
_ONE_WRAPPED_IN = 9

DELETED_BY_AUTHOR = "This Post was deleted by the Post author. Learn more"
UNAVAILABLE = "This Post is unavailable."
PROTECTED = "You’re unable to view this Post because this account owner limits who can view their Posts. Learn more"
_WHO_CAN_REPLY = {
    "Community": "People @{handle} follows or mentioned can reply",
    "ByInvitation": "People @{handle} mentioned can reply",
    "Verified": "Verified accounts and people mentioned by @{handle} can reply",
}


@dataclass(slots=True)
class Renderer:
    """Draws the people and posts of one answer, as they are at its moment."""

    world: World
    at: datetime
    _users: dict[int, Json] = field(default_factory=dict)

    @property
    def sort_base(self) -> int:
        """The highest `sortIndex` of the answer; entries count down from it."""
        return snowflake(self.at, 1 << 12)

    def portrait(self, person: Person) -> Portrait:
        """A person with the counts of the moment."""
        ours = self.world.is_ours(person.id)
        posts = self.world.post_count(person, self.at) if ours else person.posts
        return Portrait(
            person,
            self.world.followers(person, self.at),
            person.posts + posts if ours else posts,
            self.world.pinned(person.id),
        )

    def user(self, person: Person) -> Json:
        """The user object of a person."""
        if person.id not in self._users:
            self._users[person.id] = user_object(self.portrait(person))
        return self._users[person.id]

    def results(self, post: Post) -> Json:
        """The `tweet_results` of a post, in its wrapper if it has one; of one that cannot be seen, its tombstone."""
        if self.world.is_protected(post.author_id):
            return {"result": tombstone(PROTECTED)}
        if self.world.fates.is_deleted(post.id, self.at):
            return {"result": tombstone(DELETED_BY_AUTHOR)}
        if self.world.fates.is_hidden(post.id, self.at):
            return {"result": tombstone(UNAVAILABLE)}
        tweet = self.tweet(post, self.world.counters(post, self.at))
        return {"result": wrapped(post, tweet) if post.reply_policy is None else self._closed(post, tweet)}

    def is_withheld(self, post: Post) -> bool:
        """Whether the post is there, and X does not show it: hidden, or of a protected author."""
        return self.world.is_protected(post.author_id) or self.world.fates.is_hidden(post.id, self.at)

    def _closed(self, post: Post, tweet: Json) -> Json:
        """The wrapper of a post which not everybody may answer, and nobody who looks here."""
        handle = self.world.person(post.author_id).handle
        sentence = _WHO_CAN_REPLY[str(post.reply_policy)].format(handle=handle)
        prompt = {
            "__typename": "CtaLimitedActionPrompt",
            "cta_type": "SeeConversation",
            "headline": {"entities": [], "text": "Who can reply?"},
            "subtext": {"entities": [], "text": sentence},
        }
        return _in_wrapper(tweet, [{"action": "Reply", "prompt": prompt}])

    def tweet(self, post: Post, counters: Counters) -> Json:
        """The bare Tweet object of a post."""
        author = self.world.person(post.author_id)
        tweet = {
            "__typename": "Tweet",
            "core": {"user_results": {"result": self.user(author)}},
            "edit_control": {
                "edit_tweet_ids": [str(post.id)],
                "editable_until_msecs": str(int((post.created_at + _EDITABLE).timestamp() * 1000)),
                "edits_remaining": "5",
                "is_edit_eligible": post.in_reply_to is None,
            },
            "grok_translated_post_with_availability": {"is_available": False},
            "has_birdwatch_notes": False,
            "is_translatable": False,
            "legacy": self._legacy(post, author, counters),
            "quick_promote_eligibility": {"eligibility": "IneligibleNotVerified"},
            "rest_id": str(post.id),
            "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
            "unmention_data": {},
            "views": self._views(post, counters),
        }
        if is_long(post):
            tweet["note_tweet"] = self._note(post)
        return tweet

    def answered(self, post: Post) -> Person | None:
        """Whose post this one answers."""
        target = None if post.in_reply_to is None else self.world.find(post.in_reply_to)
        return None if target is None else self.world.person(target.author_id)

    def written(self, post: Post) -> Written:
        """The text of a post as X writes it: escaped, a long one folded, a reply behind the name of whom it answers."""
        answered = self.answered(post)
        # A reply to oneself gets no automatic mention.
        mentioned = None if answered is None or answered.id == post.author_id else answered
        folded = _fold(post.text) if is_long(post) else post.text
        return write_escaped(folded, answering=mentioned, known=self.world.person_by_handle)

    def _views(self, post: Post, counters: Counters) -> Json:
        if counters.views == 0 or self.at - post.created_at < _COUNTING_STARTS:
            return {"state": "Enabled"}
        return {"count": str(counters.views), "state": "EnabledWithCount"}

    def _legacy(self, post: Post, author: Person, counters: Counters) -> Json:
        answered = self.answered(post)
        written = self.written(post)
        legacy: Json = {
            "bookmark_count": counters.bookmarks,
            "bookmarked": False,
            "conversation_id_str": str(post.conversation_id),
            "created_at": stamp(post.created_at),
            "display_text_range": [written.start, len(written.text)],
            "entities": written.entities,
            "favorite_count": counters.likes,
            "favorited": False,
            "full_text": written.text,
            "id_str": str(post.id),
            "is_quote_status": False,
            "lang": language_of(post),
            "quote_count": counters.quotes,
            "reply_count": counters.replies,
            "retweet_count": counters.reposts,
            "retweeted": False,
            "user_id_str": str(author.id),
        }
        if answered is not None:
            legacy["in_reply_to_screen_name"] = answered.handle
            legacy["in_reply_to_status_id_str"] = str(post.in_reply_to)
            legacy["in_reply_to_user_id_str"] = str(answered.id)
        if post.reply_policy is not None:
            owner = {"__typename": "User", "core": {"screen_name": author.handle}, "rest_id": str(author.id)}
            legacy["conversation_control"] = {
                "conversation_owner_results": {"rest_id": str(author.id), "result": owner},
                "policy": post.reply_policy,
            }
            legacy["limited_actions"] = "limited_replies"
        if "urls" in written.entities:
            legacy |= {"possibly_sensitive": False, "possibly_sensitive_editable": True}
        return legacy

    def _note(self, post: Post) -> Json:
        written = write_plain(post.text, known=self.world.person_by_handle)
        empty: Json = {"hashtags": [], "symbols": [], "urls": [], "user_mentions": []}
        return {
            "is_expandable": True,
            "note_tweet_results": {
                "result": {
                    "entity_set": {**empty, **written.entities},
                    "id": base64.b64encode(f"NoteTweet:{post.id}".encode()).decode(),
                    "media": {"inline_media": []},
                    "richtext": {"richtext_tags": []},
                    "text": written.text,
                }
            },
        }


def tweet_content(results: Json) -> Json:
    """The `itemContent` around a post's `tweet_results`."""
    return {
        "__typename": "TimelineTweet",
        "itemType": "TimelineTweet",
        "tweetDisplayType": "Tweet",
        "tweet_results": results,
    }


def wrapped(post: Post, tweet: Json) -> Json:
    """The Tweet object of a post, in the wrapper that some posts always come in."""
    if draws.whole(_ONE_WRAPPED_IN, "wrapped", post.id) != 0:
        return tweet
    return _in_wrapper(tweet, [])


def _in_wrapper(tweet: Json, limited_actions: list[Json]) -> Json:
    bare = {name: value for name, value in tweet.items() if name != "__typename"}
    return {
        "__typename": "TweetWithVisibilityResults",
        "limitedActionResults": {"limited_actions": limited_actions},
        "tweet": bare,
    }


def is_long(post: Post) -> bool:
    """Whether a post is longer than most may write: its lists show the beginning, and the whole is a note."""
    return weight(post.text) > MOST_WEIGHT


def language_of(post: Post) -> str:
    """What X takes a post's language for: the one its author writes in; `zxx` is a text without a letter."""
    return post.language if any(character.isalpha() for character in post.text) else "zxx"


def tombstone(sentence: str) -> Json:
    """What stands in the place of a post that cannot be shown."""
    text = {"entities": [], "rtl": False, "text": sentence}
    return {"__typename": "TweetTombstone", "tombstone": {"__typename": "TextTombstone", "text": text}}


def _fold(text: str) -> str:
    return text[:_FOLD].rsplit(maxsplit=1)[0]
