"""Reading a feed in a process of its own, which ends when it takes too long or too much.

A feed that means harm can keep a parser busy for minutes: half a megabyte of blank lines does, in a regular expression
that no thread can interrupt (measured with feedparser 6.0.14). Here it costs that one feed its turn.
"""

import json
import resource
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from xbot_pipelines.feeds.errors import FeedFailed
from xbot_pipelines.feeds.reading import Contents, Entry, read_feed
from xbot_pipelines.text.parse_json import parse_json

_SECONDS = 10
_MOST_MEMORY = 1_000_000_000


def read_apart(content: bytes, *, url: str, address: str, content_type: str, seconds: int = _SECONDS) -> Contents:
    """Reads what a feed says, as `read_feed` does, within `seconds` of computing and a gigabyte of memory.

    Raises:
        FeedFailed: it is no feed, nothing of it can be read, or reading it takes too much.
    """
    about = {"url": url, "address": address, "content_type": content_type, "seconds": seconds}
    given = json.dumps(about).encode() + b"\n" + content
    try:
        # A busy machine gives a process less than all of its time, but not for ever.
        done = subprocess.run(
            [sys.executable, "-m", __name__], input=given, capture_output=True, timeout=3 * seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_costly(url, seconds) from error
    if done.returncode < 0:
        raise _too_costly(url, seconds)
    if done.returncode > 0:
        cause = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise FeedFailed(url, f"could not be read ({cause[:200]}): take it out of `feeds`")
    answer = parse_json(done.stdout)
    if "failed" in answer:
        raise FeedFailed(url, answer["failed"])
    return Contents(
        entries=tuple(_entry(row) for row in answer["entries"]), refused=answer["refused"], flaw=answer["flaw"]
    )


def main() -> None:
    """Reads one feed from the standard input: what it is, as a line of JSON, then its bytes. Answers JSON."""
    about = json.loads(sys.stdin.buffer.readline())
    seconds = about.pop("seconds")
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    # Not every system lets a process bound its memory.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    try:
        answer: dict[str, Any] = asdict(read_feed(sys.stdin.buffer.read(), **about))
    except FeedFailed as error:
        answer = {"failed": error.sentence}
    json.dump(answer, sys.stdout, default=datetime.isoformat)


def _entry(row: dict[str, Any]) -> Entry:
    published_at = row["published_at"]
    return Entry(**{**row, "published_at": published_at and datetime.fromisoformat(published_at)})


def _too_costly(url: str, seconds: int) -> FeedFailed:
    return FeedFailed(url, f"takes more than {seconds} s to read, which no ordinary feed does: take it out of `feeds`")


if __name__ == "__main__":
    main()
