"""A person as the JSON object X answers, in the generations that are met side by side in 2026.

X moved names and counters out of `legacy` (X_SURFACE §3, author). Which generation a user comes in is fixed by the
user's id, so that a client must read them all; Viewer still answers the oldest one.
"""

import base64
from dataclasses import dataclass
from typing import Any

from xbot_pipelines.practice import draws
from xbot_pipelines.practice.entities import stamp
from xbot_pipelines.practice.people import Person

Json = dict[str, Any]

_BLANK_PICTURE = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"


@dataclass(frozen=True, slots=True)
class Portrait:
    """A person at one moment: with the counts of that moment, and the pinned post's id."""

    person: Person
    followers: int
    posts: int
    pinned_post_id: int | None


def user_object(portrait: Portrait) -> Json:
    """The `user_results.result` of a person, in the generation its id stands for."""
    place = draws.whole(10, "generation", portrait.person.id)
    if place < 6:
        return _current(portrait)
    if place < 7:
        return {**_current(portrait), "legacy": None}
    if place < 9:
        return {**_current(portrait), "legacy": _legacy_counts(portrait)}
    return legacy_user_object(portrait)


def legacy_user_object(portrait: Portrait) -> Json:
    """The oldest generation: names and counters in `legacy`, no `core`."""
    person = portrait.person
    return {
        "__typename": "User",
        "affiliates_highlighted_label": {},
        "has_graduated_access": True,
        "id": _opaque_id(person),
        "is_blue_verified": person.verified,
        "legacy": {
            **_legacy_counts(portrait),
            "created_at": stamp(person.joined_at),
            "location": person.location,
            "name": person.name,
            "profile_image_url_https": _BLANK_PICTURE,
            "protected": person.protected,
            "screen_name": person.handle,
            "verified": False,
        },
        "parody_commentary_fan_label": "None",
        "profile_image_shape": "Circle",
        "rest_id": str(person.id),
        "super_follow_eligible": False,
        "super_followed_by": False,
        "super_following": False,
        "tipjar_settings": {},
    }


def _opaque_id(person: Person) -> str:
    return base64.b64encode(f"User:{person.id}".encode()).decode()


def _pinned(portrait: Portrait) -> list[str]:
    return [] if portrait.pinned_post_id is None else [str(portrait.pinned_post_id)]


def _legacy_counts(portrait: Portrait) -> Json:
    person = portrait.person
    return {
        "can_dm": True,
        "default_profile": True,
        "default_profile_image": True,
        "description": person.bio,
        "entities": {"description": {}},
        "fast_followers_count": 0,
        "favourites_count": person.following * 3,
        "followers_count": portrait.followers,
        "friends_count": person.following,
        "has_custom_timelines": False,
        "is_translator": False,
        "listed_count": portrait.followers // 150,
        "media_count": 0,
        "normal_followers_count": portrait.followers,
        "pinned_tweet_ids_str": _pinned(portrait),
        "possibly_sensitive": False,
        "statuses_count": portrait.posts,
        "translator_type": "none",
        "want_retweets": False,
    }


def _current(portrait: Portrait) -> Json:
    person = portrait.person
    return {
        "__typename": "User",
        "action_counts": {"favorites_count": person.following * 3},
        "affiliates_highlighted_label": {},
        "avatar": {"image_url": _BLANK_PICTURE},
        "banner": {"image_url": ""},
        "core": {"created_at": stamp(person.joined_at), "name": person.name, "screen_name": person.handle},
        "dm_permissions": {"can_dm": True},
        "follow_request_sent": False,
        "has_graduated_access": True,
        "id": _opaque_id(person),
        "is_blue_verified": person.verified,
        "location": {"location": person.location},
        "media_permissions": {"can_media_tag": True},
        "notifications_settings": {"notifications_enabled": False},
        "pinned_items": {"tweet_ids_str": _pinned(portrait)} if portrait.pinned_post_id is not None else {},
        "possibly_sensitive": False,
        "privacy": {"protected": person.protected},
        "profile_bio": {"description": person.bio, "entities": {"description": {}}},
        "profile_description_language": "en",
        "profile_image_shape": "Circle",
        "profile_metadata": {"profile_interstitial_type": ""},
        "profile_translation": {"translator_type": "none"},
        "relationship_counts": {"followers": portrait.followers, "following": person.following},
        "relationship_perspectives": {
            "blocked_by": False,
            "blocking": False,
            "followed_by": False,
            "following": False,
            "live_following": False,
            "muting": False,
        },
        "rest_id": str(person.id),
        "super_follow_eligible": False,
        "super_followed_by": False,
        "super_following": False,
        "tipjar_settings": {},
        "tweet_counts": {"media_tweets": 0, "tweets": portrait.posts},
        "verification": {"verified": False},
        "website": {"url": ""},
    }
