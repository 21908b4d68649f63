"""Listening to a page: the GraphQL answers that X gives its own front end while we look at it.

They carry exact integers, ids and the original text in any locale, where the page shows truncated numbers and whatever
fits the screen (X_SURFACE §3). Operations are matched by name; their ids rotate. Pages are opened here; what they then
ask of X is their own affair.
"""

import re
import time
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Request, Response

from xbot_pipelines.clock import Clock
from xbot_pipelines.text.parse_json import InvalidJson, parse_json
from xbot_pipelines.x.graphql import parse_errors
from xbot_pipelines.x.page import wall_on
from xbot_pipelines.x.session import go
from xbot_pipelines.x.walls import LayoutChanged, Unreachable, Wall, wall_of_answer

_OPERATION = re.compile(r"/graphql/[^/]+/(\w+)(?:\?|$)")
_NUMBER = re.compile(r"[0-9]{1,10}")
_LOOK_EVERY_MILLISECONDS = 25
_LOOK_FOR_WALLS_EVERY_SECONDS = 0.5
_BODY_SECONDS = 2


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of X: to which operation, about what, when it came, and what it says.

    `variables` are those of the question. `payload` is None where the body is no JSON object, or where the connection
    broke before it was whole.
    """

    operation: str
    variables: dict[str, Any]
    status: int | None
    headers: dict[str, str]
    payload: dict[str, Any] | None
    seen_at: datetime

    @property
    def body(self) -> dict[str, Any]:
        """What the answer says.

        Raises:
            LayoutChanged: it is no JSON object, or was cut off.
        """
        if self.payload is None:
            raise LayoutChanged(missing="a JSON object", where=f"the answer to {self.operation}")
        return self.payload

    @property
    def requests_left(self) -> int | None:
        """How many more answers to this operation X grants before its limit resets; None where it does not say."""
        value = self.headers.get("x-rate-limit-remaining", "")
        return int(value) if _NUMBER.fullmatch(value) else None

    def wall(self) -> Wall | None:
        """Answers the wall that this answer stands for, if it is one."""
        if self.status is None:
            return Unreachable(f"{self.operation}: the connection broke before X had answered")
        errors = parse_errors(self.payload) if self.payload is not None else []
        return wall_of_answer(self.operation, self.status, self.headers, errors)


class Answers:
    """The answers of one page to some operations, in the order in which they came.

    Begin to listen before the page is sent anywhere: only what is asked from then on is heard, and what the page asked
    before it was sent elsewhere is forgotten. An answer to the last page would be taken for one to this page.
    """

    def __init__(self, page: Page, operations: Collection[str], clock: Clock) -> None:
        self._page = page
        self._operations = frozenset(operations)
        self._clock = clock
        self._asked: set[Request] = set()
        self._came: set[Request] = set()
        self._being_read: set[Request] = set()
        # Taken out when they are asked for: the answers of a long walk would fill the memory (F12).
        self._waiting: deque[Answer] = deque()

    def __enter__(self) -> Self:
        self._page.on("request", self._hear_question)
        self._page.on("response", self._hear)
        self._page.on("requestfailed", self._hear_failure)
        return self

    def __exit__(self, *_: object) -> None:
        self._page.remove_listener("request", self._hear_question)
        self._page.remove_listener("response", self._hear)
        self._page.remove_listener("requestfailed", self._hear_failure)

    def open(self, url: str) -> None:
        """Sends the page to an address, as `session.go` does.

        Raises:
            Wall: as `session.go`.
        """
        try:
            go(self._page, url)
        except Wall as wall:
            raise self._as_told(wall) from None

    @property
    def is_awaited(self) -> bool:
        """Whether the page has asked something that is not answered yet."""
        return bool(self._asked - self._came)

    def next(self, *, timeout_seconds: float, meanwhile: Callable[[], object] = lambda: None) -> Answer | None:
        """Waits for the next answer that has not been taken yet, and answers it; None when none came in time.

        Args:
            timeout_seconds: how long to wait.
            meanwhile: what to do between two looks, such as scrolling on.

        Raises:
            Wall: the page turned into a wall while we waited.
        """
        give_up = time.monotonic() + timeout_seconds
        look_for_walls = time.monotonic() + _LOOK_FOR_WALLS_EVERY_SECONDS
        while not self._waiting:
            if time.monotonic() >= give_up:
                return None
            if time.monotonic() >= look_for_walls:
                look_for_walls = time.monotonic() + _LOOK_FOR_WALLS_EVERY_SECONDS
                wall = wall_on(self._page)
                if wall:
                    raise self._as_told(wall)
            meanwhile()
            self._page.wait_for_timeout(_LOOK_EVERY_MILLISECONDS)
        return self._waiting.popleft()

    def expect(self, *, timeout_seconds: float, meanwhile: Callable[[], object] = lambda: None) -> Answer:
        """Waits for the next answer as `next` does, and takes nothing else.

        Raises:
            Wall: the answer is one, or the page became one, or no answer came.
        """
        answer = self.next(timeout_seconds=timeout_seconds, meanwhile=meanwhile)
        if answer is None:
            asked = " or ".join(sorted(self._operations))
            raise wall_on(self._page) or LayoutChanged(
                missing=f"an answer to {asked} within {timeout_seconds:.0f} s", where=self._page.url
            )
        wall = answer.wall()
        if wall:
            raise wall
        return answer

    def _as_told(self, shown: Wall) -> Wall:
        """Answers the wall as X told it to the page, where it did: until when, which the page does not show."""
        give_up = time.monotonic() + _BODY_SECONDS
        while self._being_read and time.monotonic() < give_up:
            self._page.wait_for_timeout(_LOOK_EVERY_MILLISECONDS)
        told = (answer.wall() for answer in self._waiting)
        return next((wall for wall in told if type(wall) is type(shown)), shown)

    def _hear_question(self, request: Request) -> None:
        if self._operation(request) is not None:
            self._asked.add(request)

    def _hear(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self._asked.clear()
            self._came.clear()
            self._waiting.clear()
        elif request in self._asked:
            seen_at = self._clock.now()
            # Read at once: the page may be on its way to another one, and a body is lost when it gets there.
            self._being_read.add(request)
            payload = _payload(response)
            self._being_read.discard(request)
            self._note(request, response.status, response.headers, payload, seen_at)

    def _hear_failure(self, request: Request) -> None:
        if request in self._asked:
            self._note(request, None, {}, None, self._clock.now())

    def _note(
        self,
        request: Request,
        status: int | None,
        headers: dict[str, str],
        payload: dict[str, Any] | None,
        seen_at: datetime,
    ) -> None:
        operation = self._operation(request)
        # A request that fails after its answer began is heard twice, and counts once; one that was forgotten while its
        # body was read does not count.
        if operation is not None and request in self._asked and request not in self._came:
            self._came.add(request)
            self._waiting.append(
                Answer(
                    operation=operation,
                    variables=_variables(request),
                    status=status,
                    headers=headers,
                    payload=payload,
                    seen_at=seen_at,
                )
            )

    def _operation(self, request: Request) -> str | None:
        found = _OPERATION.search(request.url)
        return found.group(1) if found and found.group(1) in self._operations else None


def _variables(request: Request) -> dict[str, Any]:
    """Answers what a question was about: a query says it in its address, or in a body as mutations do."""
    in_address = parse_qs(urlsplit(request.url).query).get("variables")
    try:
        asked = parse_json(in_address[0] if in_address else request.post_data or "{}")
        variables = asked if in_address else asked.get("variables")
    except (PlaywrightError, InvalidJson, UnicodeDecodeError, AttributeError):
        return {}
    return variables if isinstance(variables, dict) else {}


def _payload(response: Response) -> dict[str, Any] | None:
    """Answers the body as a JSON object, or None where it is none or was cut off in the middle."""
    try:
        payload = parse_json(response.body())
    except (PlaywrightError, InvalidJson):
        return None
    return payload if isinstance(payload, dict) else None
