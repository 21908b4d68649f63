"""How walls are told apart, as pure rules over what a page or an answer shows."""

from datetime import UTC, datetime

import pytest

from xbot_pipelines.x.answer_errors import AnswerError
from xbot_pipelines.x.walls import (
    Challenge,
    DailyLimit,
    LoggedOut,
    PageFacts,
    RateLimited,
    Suspended,
    Unreachable,
    Wall,
    gone_in,
    wall_of_answer,
    wall_of_page,
)

HOME = "https://x.com/home"


@pytest.mark.parametrize(
    ("facts", "wall"),
    [
        (PageFacts(url="https://x.com/i/flow/login", text=""), LoggedOut),
        (PageFacts(url="https://x.com/i/jf/onboarding/web?mode=login", text=""), LoggedOut),
        (PageFacts(url="https://x.com/account/access", text=""), Suspended),
        (PageFacts(url=HOME, text="Your account has been locked."), Suspended),
        (PageFacts(url=HOME, text="Your account is suspended and is not permitted"), Suspended),
        (PageFacts(url=HOME, text="Let's confirm you are a human"), Challenge),
        (PageFacts(url=HOME, text="", frame_urls=("https://client-api.arkoselabs.com/x",)), Challenge),
        (PageFacts(url=HOME, text="Just a moment..."), Challenge),
        (PageFacts(url=HOME, text="Sorry, you are rate limited."), RateLimited),
    ],
)
def test_a_page_is_the_wall_that_it_shows(facts: PageFacts, wall: type[Wall]) -> None:
    assert type(wall_of_page(facts)) is wall


@pytest.mark.parametrize(
    "facts",
    [
        PageFacts(url=HOME, text="For you Following What is happening?"),
        PageFacts(url="https://x.com/login_tips", text=""),
        PageFacts(url="https://x.com/someone/status/1?next=/login", text=""),
    ],
)
def test_an_ordinary_page_is_no_wall(facts: PageFacts) -> None:
    assert wall_of_page(facts) is None


@pytest.mark.parametrize(
    ("status", "code", "wall"),
    [
        (200, 226, Challenge),
        (200, 344, DailyLimit),
        (403, 185, DailyLimit),
        (200, 88, RateLimited),
        (429, None, RateLimited),
        (200, 32, LoggedOut),
        (200, 89, LoggedOut),
        (403, 353, LoggedOut),
        (401, None, LoggedOut),
        (403, None, LoggedOut),
        (200, 64, Suspended),
        (200, 37, Suspended),
        (403, 326, Suspended),
        (503, None, Unreachable),
    ],
)
def test_an_answer_is_the_wall_that_its_code_stands_for(status: int, code: int | None, wall: type[Wall]) -> None:
    errors = [AnswerError(code=code, name=None, message="No.")] if code is not None else []
    assert type(wall_of_answer("CreateTweet", status, {}, errors)) is wall


@pytest.mark.parametrize("code", [None, 186, 187, 29, 144])
def test_other_codes_are_no_wall(code: int | None) -> None:
    errors = [AnswerError(code=code, name=None, message="No.")]
    assert wall_of_answer("CreateTweet", 200, {}, errors) is None


def test_a_rate_limit_knows_its_reset_where_x_tells_it() -> None:
    wall = wall_of_answer("UserOriginalsTimeline", 429, {"x-rate-limit-reset": "1795000000"}, [])
    assert isinstance(wall, RateLimited)
    assert wall.resets_at == datetime.fromtimestamp(1795000000, UTC)
    silent = wall_of_answer("UserOriginalsTimeline", 429, {}, [])
    assert isinstance(silent, RateLimited)
    assert silent.resets_at is None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("1795000000000", datetime.fromtimestamp(1795000000, UTC)),
        ("0", None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("9999999999", None),
        ("9" * 13, None),
        ("9" * 5000, None),
    ],
)
def test_a_reset_is_read_in_milliseconds_and_nothing_else_is_taken_for_one(
    written: str, moment: datetime | None
) -> None:
    wall = wall_of_answer("UserOriginalsTimeline", 429, {"x-rate-limit-reset": written}, [])
    assert isinstance(wall, RateLimited)
    assert wall.resets_at == moment


@pytest.mark.parametrize(
    ("status", "code", "headers"),
    [
        (429, None, {"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": "1795000000"}),
        (429, None, {"x-app-limit-24hour-remaining": "0", "x-app-limit-24hour-reset": "1795000000"}),
        (429, None, {"x-user-limit-24hour-reset": "1795000000"}),
        (200, 344, {"x-user-limit-24hour-reset": "1795000000"}),
        (
            429,
            88,
            {
                "x-rate-limit-remaining": "3",
                "x-rate-limit-reset": "1794000000",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": "1795000000",
                "x-app-limit-24hour-remaining": "7",
                "x-app-limit-24hour-reset": "1799000000",
            },
        ),
    ],
)
def test_a_limit_of_the_day_knows_its_own_reset(status: int, code: int | None, headers: dict[str, str]) -> None:
    errors = [AnswerError(code=code, name=None, message="No.")] if code is not None else []
    wall = wall_of_answer("CreateTweet", status, headers, errors)
    assert isinstance(wall, DailyLimit)
    assert wall.resets_at == datetime.fromtimestamp(1795000000, UTC)


def test_a_limit_of_the_day_that_is_not_used_up_is_not_the_one_that_is_met() -> None:
    headers = {
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": "1795000000",
        "x-user-limit-24hour-remaining": "7",
        "x-user-limit-24hour-reset": "1799000000",
    }
    wall = wall_of_answer("SearchTimeline", 429, headers, [])
    assert isinstance(wall, RateLimited)
    assert wall.resets_at == datetime.fromtimestamp(1795000000, UTC)


def test_walls_that_need_a_person_say_so() -> None:
    needs = {wall for wall in (LoggedOut, Challenge, Suspended, RateLimited, Unreachable) if wall.needs_person}
    assert needs == {LoggedOut, Challenge, Suspended}


def test_a_page_that_does_not_exist_is_gone_with_its_curly_apostrophe() -> None:
    assert gone_in(PageFacts(url=HOME, text="Hmm...this page doesn’t exist. Try searching for something else."))
    assert gone_in(PageFacts(url=HOME, text="All is well.")) is None
