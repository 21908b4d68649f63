"""A post and a user as the JSON of X's API, with the fields that were asked for, in the names that were asked in.

Which posts stand in an answer is decided in `lookups`, `lists` and `search`; the text is written by `post_shapes`, as
for the site.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from xbot_pipelines.practice.api.fields import PRIVATE, Asked
from xbot_pipelines.practice.api.summons import quoted_by
from xbot_pipelines.practice.entities import Written, write_plain
from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer, is_long, language_of
from xbot_pipelines.practice.posts import Counters, Post

Json = dict[str, Any]

_PRIVATE_FOR = timedelta(days=30)
_EDITABLE = timedelta(hours=1)
_REPLY_SETTINGS: Mapping[str | None, str] = {
    None: "everyone",
    "Community": "following",
    "ByInvitation": "mentionedUsers",
    "Verified": "verified",
}


def stamp(moment: datetime) -> str:
    """A time (UTC) as the API writes it, `2026-02-13T10:41:54.000Z`: whole seconds, and yet milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Shapes:
    """Draws the posts and users of one answer for one caller."""

    def __init__(self, renderer: Renderer, caller: Person, asked: Asked) -> None:
        self._renderer = renderer
        self._caller = caller
        self._asked = asked
        self._names = asked.generation

    def post(self, post: Post) -> Json:
        """A post with its default fields and those that were asked for, but for those that are `withheld`."""
        written = self._renderer.written(post)
        shape = {"id": str(post.id), "text": written.text, self._names.history: [str(post.id)]}
        fields = dict(self._fields(post, written))
        hidden = self.withheld(post)
        wanted = self._asked.post_fields
        return shape | {name: fields[name] for name in fields if name in wanted and name not in hidden}

    def withheld(self, post: Post) -> list[str]:
        """The fields that were asked for and are not for this caller, or not any more."""
        own = post.author_id == self._caller.id and self._renderer.at - post.created_at <= _PRIVATE_FOR
        return [] if own else [name for name in PRIVATE if name in self._asked.post_fields]

    def references(self, post: Post) -> list[Json]:
        """What a post answers and quotes: `[{"type", "id"}]`."""
        answered = [] if post.in_reply_to is None else [{"type": "replied_to", "id": str(post.in_reply_to)}]
        return [*answered, *({"type": "quoted", "id": str(post_id)} for post_id in quoted_by(post))]

    def mentioned(self, post: Post) -> list[int]:
        """The ids of those whom a post names."""
        return [int(one["id_str"]) for one in self._renderer.written(post).entities.get("user_mentions", [])]

    def _fields(self, post: Post, written: Written) -> Iterator[tuple[str, Any]]:
        """Everything that a post has, by name; what it has not is left out."""
        answered = self._renderer.answered(post)
        yield "author_id", str(post.author_id)
        yield "conversation_id", str(post.conversation_id)
        yield "created_at", stamp(post.created_at)
        yield "display_text_range", [written.start, len(written.text)]
        yield (
            "edit_controls",
            {
                "edits_remaining": 5,
                "is_edit_eligible": post.in_reply_to is None,
                "editable_until": stamp(post.created_at + _EDITABLE),
            },
        )
        yield "lang", language_of(post)
        yield "possibly_sensitive", False
        yield "reply_settings", _REPLY_SETTINGS[post.reply_policy]
        yield "source", "Twitter Web App"
        if answered is not None:
            yield "in_reply_to_user_id", str(answered.id)
        if written.entities:
            yield "entities", _entities(written.entities)
        if references := self.references(post):
            yield self._names.references, references
        if is_long(post):
            note = write_plain(post.text, known=self._renderer.world.person_by_handle)
            entities = {"entities": _entities(note.entities)} if note.entities else {}
            yield self._names.note, {"text": note.text, **entities}
        if self._asked.post_fields & {"public_metrics", *PRIVATE}:
            yield from self._metrics(self._renderer.world.counters(post, self._renderer.at))

    def _metrics(self, counters: Counters) -> Iterator[tuple[str, Json]]:
        engaging = {
            self._names.reposts: counters.reposts,
            "reply_count": counters.replies,
            "like_count": counters.likes,
            "impression_count": counters.views,
        }
        clicks = {"url_link_clicks": counters.link_clicks, "user_profile_clicks": counters.profile_visits}
        yield "public_metrics", {**engaging, "quote_count": counters.quotes, "bookmark_count": counters.bookmarks}
        yield "non_public_metrics", {"impression_count": counters.views, "engagements": counters.engagements, **clicks}
        yield "organic_metrics", {**engaging, **clicks}

    def user(self, person: Person) -> Json:
        """A user with its default fields and those that were asked for."""
        portrait = self._renderer.portrait(person)
        fields: Json = {
            "created_at": stamp(person.joined_at),
            "description": person.bio,
            "profile_image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
            "protected": person.protected,
            "public_metrics": {
                "followers_count": portrait.followers,
                "following_count": person.following,
                self._names.posts: portrait.posts,
                "listed_count": portrait.followers // 150,
                "like_count": person.following * 3,
                "media_count": 0,
            },
            "url": "",
            "verified": person.verified,
            "verified_type": "blue" if person.verified else "none",
        }
        if person.location:
            fields["location"] = person.location
        if portrait.pinned_post_id is not None:
            fields[self._names.pinned] = str(portrait.pinned_post_id)
        shape = {"id": str(person.id), "name": person.name, "username": person.handle}
        return shape | {name: value for name, value in fields.items() if name in self._asked.user_fields}


def _entities(found: Json) -> Json:
    """What stands in a text, from the site's shape into the API's."""
    shaped: Json = {
        "mentions": [
            {**_place(one), "username": one["screen_name"], "id": one["id_str"]}
            for one in found.get("user_mentions", [])
        ],
        "urls": [
            {**_place(one), **{name: one[name] for name in ("url", "expanded_url", "display_url")}}
            for one in found.get("urls", [])
        ],
        "hashtags": [{**_place(one), "tag": one["text"]} for one in found.get("hashtags", [])],
    }
    return {name: listed for name, listed in shaped.items() if listed}


def _place(entity: Json) -> Json:
    start, end = entity["indices"]
    return {"start": start, "end": end}
