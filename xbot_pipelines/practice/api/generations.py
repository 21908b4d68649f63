"""The two generations of names in which X's API speaks of posts, and which of them this X takes.

OpenAPI 2.166 says tweet, 2.167 says post. A request is answered in the generation in which it asks. Which fields there
are is a matter of `fields`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Generation:
    """The words of one generation.

    Attributes:
        noun: What a post is called, as `resource_type` has it.
        reposts: The counter of a post's reposts.
        referenced: The expansion that brings along the posts that a post answers or quotes.
        referenced_authors: The expansion that brings along who wrote those.
    """

    noun: str
    reposts: str
    referenced: str
    referenced_authors: str

    @property
    def parameter(self) -> str:
        """The query parameter that asks for fields of posts; it also tells the generation of a request."""
        return f"{self.noun}.fields"

    @property
    def plural(self) -> str:
        """Where posts stand among the `includes`."""
        return f"{self.noun}s"

    @property
    def posts(self) -> str:
        """The counter of a user's posts."""
        return f"{self.noun}_count"

    @property
    def history(self) -> str:
        """The field with the ids of a post's versions."""
        return f"edit_history_{self.noun}_ids"

    @property
    def note(self) -> str:
        """The field with the whole text of a long post."""
        return f"note_{self.noun}"

    @property
    def pinned(self) -> str:
        """The field with a user's pinned post."""
        return f"pinned_{self.noun}_id"

    @property
    def references(self) -> str:
        """The field with the posts that a post answers or quotes."""
        return f"referenced_{self.plural}"


TWEETS = Generation("tweet", "retweet_count", "referenced_tweets.id", "referenced_tweets.id.author_id")
POSTS = Generation("post", "repost_count", "referenced_posts", "author_id")


class Taken(StrEnum):
    """Which generations this X takes."""

    BOTH = "both"
    TWEETS = "tweets"
    POSTS = "posts"

    @property
    def default(self) -> Generation:
        """The generation of a request that names nothing of either: the later one, if it is taken."""
        return TWEETS if self is Taken.TWEETS else POSTS


def generation_of(query: Mapping[str, str], taken: Taken) -> Generation:
    """The generation that a request asks in, as its field parameter or its expansions tell."""
    names_tweets = TWEETS.parameter in query or "_tweet" in query.get("expansions", "")
    return TWEETS if taken is Taken.BOTH and names_tweets else taken.default
