"""Which fields and expansions a request may ask for, and which it asks for.

What a field holds is decided in `shapes`. Names: OpenAPI 2.166 and 2.167. The later one lists `author_id` and its like
as expansions only; here they may be asked for either way in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xbot_pipelines.practice.api.generations import Generation
from xbot_pipelines.practice.api.parameters import Parameters

# Fields that only a post's author gets, for posts of the last 30 days.
PRIVATE = ("non_public_metrics", "organic_metrics", "promoted_metrics")

_POST_FIELDS = (
    "article", "attachments", "author_id", "card_uri", "community_id", "context_annotations", "conversation_id",
    "created_at", "display_text_range", "edit_controls", "entities", "geo", "id", "in_reply_to_user_id", "lang",
    "matched_media_notes", "media_metadata", "note_request_suggestions", "paid_partnership", "possibly_sensitive",
    "public_metrics", "reply_settings", "scopes", "source", "suggested_source_links",
    "suggested_source_links_with_counts", "text", "withheld", *PRIVATE,
)  # fmt: skip
_USER_FIELDS = (
    "affiliation", "confirmed_email", "connection_status", "created_at", "description", "entities", "id",
    "is_identity_verified", "location", "name", "parody", "profile_banner_url", "profile_image_url", "protected",
    "public_metrics", "receives_your_dm", "subscription", "subscription_type", "url", "username", "verified",
    "verified_followers_count", "verified_type", "withheld",
)  # fmt: skip
_EXPANSIONS = (
    "article.cover_media", "article.media_entities", "attachments.media_keys", "attachments.media_source_tweet",
    "attachments.poll_ids", "author_id", "entities.mentions.username", "geo.place_id", "in_reply_to_user_id",
    "username",
)  # fmt: skip
_ELSEWHERE = ("media.fields", "poll.fields", "place.fields")  # of what no post here has


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants to see, in the names of one generation."""

    generation: Generation
    post_fields: frozenset[str]
    user_fields: frozenset[str]
    expansions: frozenset[str]


def parameters(generation: Generation) -> Sequence[str]:
    """The query parameters of every endpoint that answers posts or users."""
    return ("expansions", generation.parameter, "user.fields", *_ELSEWHERE)


def asked(given: Parameters, names: Generation) -> Asked:
    """What the parameters of a request ask for.

    Raises:
        Refused: They ask for something that X does not have.
    """
    post_fields = given.some_of(names.parameter, [*_POST_FIELDS, names.history, names.note, names.references])
    user_fields = given.some_of("user.fields", [*_USER_FIELDS, names.pinned])
    of_posts = [names.referenced, names.referenced_authors, names.history, names.pinned]
    expansions = given.some_of("expansions", [*_EXPANSIONS, *of_posts])
    return Asked(names, post_fields | _fields_of(expansions, names), user_fields, expansions)


def _fields_of(expansions: frozenset[str], names: Generation) -> frozenset[str]:
    """An expansion brings the field that it expands."""
    bringing = {
        "author_id": "author_id",
        "in_reply_to_user_id": "in_reply_to_user_id",
        "entities.mentions.username": "entities",
        **{name: names.references for name in expansions if name.startswith(names.referenced)},
    }
    return frozenset(bringing[name] for name in expansions if name in bringing)
