"""Where a page of X keeps its posts: the places of the instructions, how they are followed, and the rows they leave.

Here belong the rows of an answer, up to the post object inside each; what the object says belongs to `objects`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xbot_pipelines.x.answer_errors import POST_NOT_SHOWN, parse_errors
from xbot_pipelines.x.objects import Gone, Shown, shown_post
from xbot_pipelines.x.shapes import AccountUnavailable, Part, UnreadableAnswer, required

_TIMELINES = (
    "data.user.result.timeline.timeline.instructions",
    "data.user.result.timeline_v2.timeline.instructions",
    "data.threaded_conversation_with_injections_v2.instructions",
    "data.search_by_raw_query.search_timeline.timeline.instructions",
    "data.home.home_timeline_urt.instructions",
    "data.viewer_v2.user_results.result.notification_timeline.timeline.instructions",
)
_SINGLE = "data.tweetResult"
CREATED = ("data.create_tweet.tweet_results", "data.notetweet_create.tweet_results")
_CARRIED_BY = {
    "TimelineAddEntries": "entries",
    "TimelineAddToModule": "moduleItems",
    "TimelinePinEntry": "entry",
    "TimelineReplaceEntry": "entry",
}
_ENDS = "TimelineTerminateTimeline"
_HOLDS_POSTS = re.compile(r"tweet-|conversation")
_FAMILIAR = re.compile(
    r"Timeline(TimelineCursor|TimelineModule|Tweet|User|MessagePrompt|Label|Spelling|Topic|Trend|Prompt|Community)$"
)
_POST_ENTRY = re.compile(r"(?:^|-)(?:tweet|tombstone)-([0-9]{1,20})$")


@dataclass(frozen=True)
class Entry:
    """One row of a page: a post, a module of several, a cursor, or something that we do not read.

    `fields` is the error where the row cannot be read.
    """

    id: str
    fields: Part | UnreadableAnswer
    is_pinned: bool


@dataclass(frozen=True)
class Slot:
    """One place of a page where a post belongs. `post` is the error where what stands there cannot be read."""

    post: Shown | Gone | UnreadableAnswer
    entry_id: str
    is_pinned: bool


def whole_answer(payload: object) -> Part:
    """Answers the payload as the part that all others lie in.

    Raises:
        UnreadableAnswer: it is no JSON object.
    """
    if not isinstance(payload, dict):
        raise UnreadableAnswer("an object", f"the answer, which is a {type(payload).__name__}")
    return Part(payload, "answer")


def instructions(answer: Part) -> list[Part | UnreadableAnswer]:
    """The instructions of a timeline; none for an answer of single posts, or where X says that it shows no such post.

    An instruction that cannot be read has its error in its place.

    Raises:
        AccountUnavailable: the timeline is of an account that is not to be seen.
        UnreadableAnswer: the answer has no known place for posts, or no instruction there that brings rows or an end.
    """
    each = answer.each(*_TIMELINES)
    if each is not None:
        found = [_with_type(instruction) for instruction in each]
        kinds = [_kind_of(instruction) for instruction in found]
        if not {*_CARRIED_BY, _ENDS} & set(kinds):
            raise UnreadableAnswer(
                "an instruction that we know", f"the timeline, which has {', '.join(kinds) or 'none'}"
            )
        return found
    if user := answer.part("data.user.result"):
        check_available(user)
    not_shown = any(error.code in POST_NOT_SHOWN for error in parse_errors(dict(answer.fields)))
    if not_shown or answer.parts(_SINGLE, *CREATED) is not None:
        return []
    raise nothing_known("a timeline or a post", answer)


def entries(answer: Part) -> list[Entry]:
    """The rows of a page after every instruction was followed, the pinned one first, as the page shows it."""
    rows: list[Entry] = []
    for instruction in instructions(answer):
        try:
            if isinstance(instruction, UnreadableAnswer):
                raise instruction
            replaced = instruction.text("entry_id_to_replace")
            carried = _carried(instruction)
        except UnreadableAnswer as error:
            # What it brings is not known; what the others bring is.
            rows.append(Entry("", error, is_pinned=False))
        else:
            position = next((at for at, row in enumerate(rows) if row.id == replaced), len(rows))
            rows[position : position + 1] = carried
    return sorted(rows, key=lambda row: not row.is_pinned)


def _with_type(instruction: Part | UnreadableAnswer) -> Part | UnreadableAnswer:
    try:
        if isinstance(instruction, Part):
            instruction.text("type")
    except UnreadableAnswer as error:
        return error
    return instruction


def _kind_of(instruction: Part | UnreadableAnswer) -> str:
    if isinstance(instruction, UnreadableAnswer):
        return "one that cannot be read"
    return instruction.text("type") or "one without a type"


def _carried(instruction: Part) -> list[Entry]:
    kind = instruction.text("type")
    carried = instruction.each("entries", "moduleItems", "entry")
    if carried is None and kind in _CARRIED_BY:
        raise UnreadableAnswer(_CARRIED_BY[kind], instruction.where)
    return [_entry(entry, is_pinned=kind == "TimelinePinEntry") for entry in carried or []]


def _entry(fields: Part | UnreadableAnswer, *, is_pinned: bool) -> Entry:
    try:
        if isinstance(fields, UnreadableAnswer):
            raise fields
        return Entry(required(fields.text("entryId"), "entryId", fields.where), fields, is_pinned)
    except UnreadableAnswer as error:
        return Entry("", error, is_pinned)


def contents(entry: Entry) -> Sequence[tuple[str, Part | UnreadableAnswer]]:
    """The `itemContent` of a row, or of each row of its module, with the id it has on the page.

    A row that must have one and has none, or one that cannot be read, has its error in its place.
    """
    try:
        if isinstance(entry.fields, UnreadableAnswer):
            raise entry.fields
        return _contents(entry.id, entry.fields)
    except UnreadableAnswer as error:
        return [(entry.id, error)]


def _contents(entry_id: str, fields: Part) -> Sequence[tuple[str, Part | UnreadableAnswer]]:
    items = fields.each("content.items")
    if items is not None:
        return [_item(item) for item in items]
    content = fields.part("content.itemContent", "item.itemContent")
    if content is not None:
        return [(entry_id, content)]
    kind = fields.text("content.entryType", "content.__typename")
    if kind in {"TimelineTimelineItem", "TimelineTimelineModule"} or _HOLDS_POSTS.search(entry_id):
        raise UnreadableAnswer("itemContent or items", f"{fields.where} ({entry_id})")
    return []


def _item(item: Part | UnreadableAnswer) -> tuple[str, Part | UnreadableAnswer]:
    item_id = ""
    try:
        if isinstance(item, UnreadableAnswer):
            raise item
        item_id = required(item.text("entryId"), "entryId", item.where)
        return item_id, required(item.part("item.itemContent"), "item.itemContent", item.where)
    except UnreadableAnswer as error:
        return item_id, error


def slots(answer: Part) -> Iterator[Slot]:
    """Every place of the answer where a post belongs, in page order, promoted posts left out.

    Raises:
        AccountUnavailable, UnreadableAnswer: as `instructions`, or the page has no place for a post and a row of a kind
            that is new to us: posts may be what it holds.
    """
    for results in answer.each(_SINGLE, *CREATED) or []:
        yield _single(results)
    rows = entries(answer)
    places = 0
    for entry in rows:
        for item_id, content in contents(entry):
            slot = _slot(entry, item_id, content)
            if slot is not None:
                places += 1
                yield slot
    strange = [entry.id for entry in rows if _is_strange(entry)] if not places else []
    if strange:
        raise UnreadableAnswer("a row with a post", f"the timeline, which has {', '.join(strange)}")


def promoted_posts(answer: Part) -> int:
    """How many posts the page has because somebody pays for them.

    Raises:
        AccountUnavailable, UnreadableAnswer: as `instructions`.
    """
    return sum(
        isinstance(content, Part) and _is_promoted(entry.id, item_id, content) and "tweet_results" in content.fields
        for entry in entries(answer)
        for item_id, content in contents(entry)
    )


def _is_strange(entry: Entry) -> bool:
    """Says whether a row holds something of which we do not know if it is a post (F11)."""
    try:
        if isinstance(entry.fields, UnreadableAnswer):
            return True
        row_itself = entry.fields.text("content.entryType", "content.__typename")
        kinds = [
            content.text("itemType", "__typename") if isinstance(content, Part) else None
            for _, content in contents(entry)
        ]
    except UnreadableAnswer:
        return True
    return not all(kind and _FAMILIAR.match(kind) for kind in kinds or [row_itself])


def _is_promoted(entry_id: str, item_id: str, content: Part) -> bool:
    marked = content.fields.get("promotedMetadata") is not None
    return marked or "promoted-tweet-" in entry_id or "promoted-tweet-" in item_id


def _single(results: Part | UnreadableAnswer) -> Slot:
    try:
        post: Shown | Gone | UnreadableAnswer = (
            results if isinstance(results, UnreadableAnswer) else shown_post(results)
        )
    except UnreadableAnswer as error:
        post = error
    return Slot(post, entry_id="", is_pinned=False)


def _slot(entry: Entry, item_id: str, content: Part | UnreadableAnswer) -> Slot | None:
    """The place of one row; None where the row is no place for a post, or is promoted."""
    try:
        if isinstance(content, UnreadableAnswer):
            raise content
        if _is_promoted(entry.id, item_id, content):
            return None
        post = _post_in(item_id, content)
        is_pinned = entry.is_pinned or content.text("socialContext.contextType") == "Pin"
    except UnreadableAnswer as error:
        return Slot(error, item_id, entry.is_pinned)
    return None if post is None else Slot(post, item_id, is_pinned)


def _post_in(item_id: str, content: Part) -> Shown | Gone | None:
    """The post of one row, or that it is gone, or None where the row is no place for a post."""
    tombstone = content.part("tombstoneInfo")
    if tombstone is not None:
        return Gone(tombstone.text("text", "richText.text") or "unavailable")
    results = content.part("tweet_results")
    if results is not None:
        return shown_post(results)
    if content.text("itemType", "__typename") == "TimelineTweet" or _POST_ENTRY.search(item_id):
        raise UnreadableAnswer("tweet_results", f"{content.where} ({item_id})")
    return None


def check_available(user: Part) -> None:
    """Lets a user object pass, unless it says that the account is not to be seen.

    Raises:
        AccountUnavailable: it does, with X's reason.
    """
    if user.text("__typename") == "UserUnavailable":
        raise AccountUnavailable(user.text("reason", "unavailable_message.text") or "no reason given", user.where)


def post_id_of(entry_id: str) -> str | None:
    """The id of the post that a row is for, as the row's own id tells it: `…tweet-<id>`, `tombstone-<id>`."""
    match = _POST_ENTRY.search(entry_id)
    return match[1] if match else None


def nothing_known(missing: str, answer: Part) -> UnreadableAnswer:
    """The error for an answer without any known place, with what there is instead."""
    data = answer.fields.get("data")
    keys = ", ".join(str(key) for key in data) if isinstance(data, dict) and data else "nothing"
    errors = "; ".join(error.message for error in parse_errors(dict(answer.fields)))
    return UnreadableAnswer(missing, f"answer.data, which has {keys}" + (f" (X's errors: {errors})" if errors else ""))
