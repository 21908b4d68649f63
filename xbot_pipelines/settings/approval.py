"""Which approval an account has: what its file says under the new key or the old one, or else the default."""

from xbot_pipelines.settings.account import Approval
from xbot_pipelines.settings.everything import Settings

_NEW_VALUES: dict[str, Approval] = {"strangers": "replies", "everyone": "replies", "nobody": "nobody"}
"""What `replies.approval`, the old key, means in terms of `publishing.approval`."""


def with_approval(settings: Settings) -> Settings:
    """Return settings whose `publishing.approval` is the one that holds.

    A file that says nothing gets "nobody" on practice X and keeps "everyone" elsewhere. `model_fields_set` still tells
    what the file has said: a rehearsal of an account that leaves it to the default publishes without a person.
    """
    publishing, old = settings.profile.publishing, settings.profile.replies.approval
    if "approval" in publishing.model_fields_set or (old is None and not settings.is_practice):
        return settings
    approval: Approval = "nobody" if old is None else _NEW_VALUES[old]
    changed = publishing.model_copy(update={"approval": approval})
    return settings.model_copy(update={"profile": settings.profile.model_copy(update={"publishing": changed})})


def approval_problems(settings: Settings) -> list[str]:
    """Return why the approval that the account's file asks for cannot be given, one sentence each."""
    publishing, old = settings.profile.publishing, settings.profile.replies.approval
    new = publishing.approval if "approval" in publishing.model_fields_set else None
    if old is not None and new is not None and (_NEW_VALUES[old] == "nobody") != (new == "nobody"):
        return [f"replies.approval: {old!r} contradicts publishing.approval, which is {new!r}: remove replies.approval"]
    if not settings.is_practice and "nobody" in {new, old}:
        key = "publishing.approval" if new == "nobody" else "replies.approval"
        why = "off practice X a person approves what answers others or uses their words"
        return [f"{key}: should be 'everyone' or 'replies', found 'nobody': {why}"]
    return []
