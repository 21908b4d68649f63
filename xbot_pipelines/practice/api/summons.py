"""Whom X lets answer over its API: only those whom the author of the post has called.

Since 2026 a reply is taken only if the author of the post names the account that replies, or quotes one of its posts.
Whether the author lets anybody answer at all is a matter of `rules`. Source: X's documentation ("Manage posts", reply
restrictions).
"""

import re

from xbot_pipelines.practice.people import Person
from xbot_pipelines.practice.post_shapes import Renderer
from xbot_pipelines.practice.posts import Post

_LINK_TO_A_POST = re.compile(r"https?://[^\s/]+/\w+/status/(\d{1,19})\b")


def quoted_by(post: Post) -> list[int]:
    """The ids of the posts that a post quotes: those that it links to."""
    return list(dict.fromkeys(int(post_id) for post_id in _LINK_TO_A_POST.findall(post.text)))


def is_summoned(renderer: Renderer, account: Person, target: Post) -> bool:
    """Whether the author of a post has called this account; an answer to it names it by itself."""
    named = (one["id_str"] for one in renderer.written(target).entities.get("user_mentions", []))
    if str(account.id) in named:
        return True
    quoted = (renderer.world.find(post_id) for post_id in quoted_by(target))
    return any(post is not None and post.author_id == account.id for post in quoted)
