"""One Chromium for a whole rehearsal, logged in from one run to the next.

To start a browser for each of some five hundred runs, or only a session in one, would take longer than all their work.
A session of twenty runs begins as every run does otherwise: with the saved cookies, and the proof that it is logged in.
A run that fails ends it.

Playwright keeps an event loop in the thread that it runs in, and Dagster's runs cannot be in a thread with a loop: so
it has a thread of its own, and `Remote` is the client as the run's thread sees it.
"""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from xbot_pipelines.models import PostSnapshot, PrivateCounters, ProfileSnapshot, Reading
from xbot_pipelines.operate.rehearsal.stage import Stage
from xbot_pipelines.store.database import Provenance
from xbot_pipelines.systems.browser_turn import BrowserTurn
from xbot_pipelines.x.client import Conversation, Found, Pages, Prepared, PublishResult, Way, XClient

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_T = TypeVar("_T")

_RUNS_IN_A_SESSION = 20
"""A page that is sent from address to address for a whole day grows to a gigabyte."""


class Run(Protocol):
    """Has something done elsewhere, and answers what comes of it."""

    def __call__(self, work: Callable[[], _T], /) -> _T: ...


class WarmBrowser:
    """A Chromium in a thread of its own: opened when it is first needed, and again should it have ended."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser")
        self._browser: ExitStack = ExitStack()
        self._session: ExitStack = ExitStack()
        self._open: Browser | None = None
        self._page: Page | None = None
        self._runs = 0
        self.is_spent = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self.end_session)
        self.run(self._browser.close)
        self._thread.shutdown()

    def turn(self, by: Provenance, asked_at: datetime) -> BrowserTurn:
        """Answers the turn of a run at this browser."""
        return _WarmTurn(self, self._stage, by=by, asked_at=asked_at)

    def run(self, work: Callable[[], _T], /) -> _T:
        """Has something done in the browser's thread, and answers what comes of it."""
        try:
            return self._thread.submit(work).result()
        except Exception:
            # A wall, most of all: the next run begins with a session of its own, and sees for itself.
            self.is_spent = True
            raise

    def page(self) -> "Page":
        """Answers a page that is logged in. To be asked in the browser's thread.

        Raises what `open_session` raises.
        """
        from xbot_pipelines.x.saved_session import SessionFile
        from xbot_pipelines.x.session import Patience, open_browser, open_session

        self._runs += 1
        if self._runs % _RUNS_IN_A_SESSION == 0:
            self.end_session()
        if self._page is not None:
            return self._page
        settings = self._stage.settings
        if self._open is None or not self._open.is_connected():
            self._browser.close()
            self._open = self._browser.enter_context(open_browser(settings.chromium, home=settings.home))
        session = open_session(
            self._open,
            x_url=settings.x_url,
            handle=settings.profile.handle,
            file=SessionFile(path=settings.session_file, x=settings.profile.x),
            patience=Patience(),
        )
        self._page = self._session.enter_context(session)
        return self._page

    def end_session(self) -> None:
        """Closes what is logged in. To be asked in the browser's thread."""
        self.is_spent = False
        self._page = None
        self._session.close()


class _WarmTurn(BrowserTurn):
    """A turn at that browser. The lease, and everything else that is not the opening of a browser, is as always."""

    def __init__(self, warm: WarmBrowser, stage: Stage, *, by: Provenance, asked_at: datetime) -> None:
        super().__init__(stage.settings, stage.database, stage.clock, by=by, asked_at=asked_at)
        self._warm = warm

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # Now, and not when the next run begins: a session that ends is saved, and somebody may log in meanwhile.
            if self._warm.is_spent:
                self._warm.run(self._warm.end_session)
        finally:
            super().__exit__(kind, failure, trace)

    def _open(self) -> XClient:
        return Remote(self._warm.run(self._client_there), self._warm.run)

    def _client_there(self) -> XClient:
        from xbot_pipelines.x.browser import BrowserClient

        return BrowserClient(
            page=self._warm.page(),
            x_url=self._settings.x_url,
            handle=self._settings.profile.handle,
            clock=self._clock,
            patience=self._patience(),
        )


class Remote:
    """An `XClient` whose every call is made elsewhere."""

    # ruff: noqa: D102 - what each does is said there

    def __init__(self, client: XClient, run: Run) -> None:
        self._client = client
        self._run = run

    @property
    def handle(self) -> str:
        return self._client.handle

    def whoami(self) -> ProfileSnapshot:
        return self._run(self._client.whoami)

    def publish(self, text: str, *, reply_to: str | None, before_click: Callable[[], None]) -> PublishResult:
        return self._run(lambda: self._client.publish(text, reply_to=reply_to, before_click=before_click))

    def prepare(self, text: str, *, reply_to: str | None) -> Prepared:
        return self._run(lambda: self._client.prepare(text, reply_to=reply_to))

    def own_posts(self, since: datetime) -> list[PostSnapshot]:
        return self._run(lambda: self._client.own_posts(since))

    def effort(self, way: Way, posts: int) -> float:
        return self._client.effort(way, posts)

    def own_timelines(self, since: datetime) -> Sequence[Pages]:
        timelines = self._run(lambda: self._client.own_timelines(since))
        return [self._handed_out(lambda pages=pages: pages) for pages in timelines]  # type: ignore[misc]

    def search(self, query: str) -> Pages:
        return self._handed_out(lambda: self._client.search(query))

    def mentions(self) -> Pages:
        return self._handed_out(self._client.mentions)

    def post(self, post_id: str) -> PostSnapshot:
        return self._run(lambda: self._client.post(post_id))

    def posts(self, post_ids: Sequence[str]) -> Found:
        return self._handed_out(lambda: self._client.posts(post_ids))

    def conversation(self, post_id: str) -> Conversation:
        return self._run(lambda: self._client.conversation(post_id))

    def post_analytics(self, post_id: str) -> PrivateCounters:
        return self._run(lambda: self._client.post_analytics(post_id))

    def hours(self, post_ids: Sequence[str], *, since: datetime, until: datetime) -> Sequence[Reading]:
        return self._run(lambda: self._client.hours(post_ids, since=since, until=until))

    def profile(self, handle: str) -> ProfileSnapshot:
        return self._run(lambda: self._client.profile(handle))

    def _handed_out(self, begin: Callable[[], Generator[_T, None, None]]) -> Generator[_T, None, None]:
        handed_out = self._run(begin)
        try:
            while (one := self._run(lambda: next(handed_out, None))) is not None:
                yield one
        finally:
            self._run(handed_out.close)
