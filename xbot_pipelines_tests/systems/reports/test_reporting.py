"""Reports of whole days, from the tables to the files: true, harmless, of one account, and each written once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import Counters, DecisionStatus, DecisionType, Draft, Result
from xbot_pipelines.settings import Settings, load_settings
from xbot_pipelines.store.alerts import raise_alert
from xbot_pipelines.store.arms import LearnedArm, replace_arms
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.opportunities import Judged, keep
from xbot_pipelines.systems.reporting import WrittenReport, why_not_now, write_reports
from xbot_pipelines.systems.reports.looking_back import look_back
from xbot_pipelines_tests.conftest import ROOT
from xbot_pipelines_tests.lived import Life
from xbot_pipelines_tests.store.reviewing import found
from xbot_pipelines_tests.text.markdown_reader import Page, rendered

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 3, 2)
BEGAN = datetime(2026, 3, 1, 23, tzinfo=UTC)
"""The moment at which that Monday begins in Vienna, where the example account lives."""

MORNING_AFTER = BEGAN + DAY + 6 * HOUR + 18 * MINUTE

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) ![b](https://evil.example) | `c"
)
"""Without quotation marks: what is shown has to be this very text, wherever it stands."""


@pytest.fixture
def clock() -> ManualClock:
    """Reports are read from nowhere: their clock needs no site beside it."""
    return ManualClock(MORNING_AFTER)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The example account's settings."""
    return load_settings(
        {
            "XBOT_HOME": str(tmp_path / "home"),
            "XBOT_DATABASE_URL": database_url,
            "XBOT_ACCOUNTS": str(ROOT / "accounts"),
        }
    )


def pages(report: WrittenReport) -> Sequence[Page]:
    """Both files of a report, as a reader sees them."""
    return Page(report.html_file.read_text()), rendered(report.markdown_file.read_text())


def lives_a_monday(life: Life) -> None:
    """One post that was read, one reply of which nothing is known, and a count of followers at both ends."""
    life.counts_followers(BEGAN, 1000)
    post = life.publishes("Walk a little.", BEGAN + 8 * HOUR)
    life.reads(post, BEGAN + 10 * HOUR, Counters(views=1234, likes=5, reposts=0, replies=2, quotes=0, bookmarks=0))
    life.publishes("Same here.", BEGAN + 20 * HOUR, to="ada", their_text="Who else sleeps badly?")
    life.receives(post, BEGAN + 9 * HOUR, author="grace", text="I do that, too.")
    life.asks_the_model(BEGAN + HOUR, cost_usd=0.12)
    life.counts_followers(BEGAN + DAY - MINUTE, 1014)
    life.takes_stock(MORNING_AFTER)


def test_a_day_is_told_in_both_files_with_links_figures_and_pictures(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    life = Life(database)
    lives_a_monday(life)
    [report] = write_reports(settings, database, clock=clock).written
    address = f"{settings.x_url}/{settings.profile.handle}/status/{life.first_id}"
    for page in pages(report):
        assert "Monday, 2 March 2026" in page.text
        assert (
            "One post and one reply were published and have been seen 1,234 times so far (of one it is not" in page.text
        )
        assert "There are 1,014 followers, 14 more than a day before; the posts have won about" in page.text
        assert "1,234 views" in page.text
        assert "0 reposts" in page.text
        assert "engagement 0.6 %" in page.text
        assert "Who else sleeps badly?" in page.text
        assert "I do that, too." in page.text
        assert "The language model cost $0.12 of the day's $1.00." in page.text
        assert address in page.attributes("a", "href")
        assert len(page.attributes("img", "src")) == 3
    assert {*report.said.pictures} == {"published", "followers", "checkpoints"}


def test_what_was_learned_is_told_in_both_files(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    lives_a_monday(Life(database))
    beliefs = [
        LearnedArm(dimension="hook", value=value, mean=mean, variance=0.01, pulls=30)
        for value, mean in (("question", 0.5), ("number", -0.5), ("a hook of former days", 3.0))
    ]
    replace_arms(database, beliefs, evidence_at=BEGAN, now=BEGAN)
    [report] = write_reports(settings, database, clock=clock).written
    for page in pages(report):
        assert "What works most surely is the hook 'question': 1.6 times the account's usual" in page.text
        assert "0.6 times the account's usual, between 0.5 and 0.7" in page.text
        assert "former days" not in page.text
    assert "beliefs" in report.said.pictures


def test_f09_unknown_views_are_shown_as_unknown_in_both_files(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    life = Life(database)
    half_known = life.publishes("Half known.", BEGAN + 8 * HOUR)
    life.reads(half_known, BEGAN + 9 * HOUR, Counters(likes=3))
    life.publishes("Never read.", BEGAN + 20 * HOUR)
    life.asks_the_model(BEGAN, cost_usd=None)
    life.takes_stock(MORNING_AFTER)

    [report] = write_reports(settings, database, clock=clock).written

    for page in pages(report):
        assert "Two posts were published; how often that was seen is not known yet." in page.text
        assert "views unknown" in page.text
        assert "3 likes" in page.text
        assert "engagement unknown" in page.text
        assert "Nothing was read of it yet: its figures are unknown." in page.text
        assert "How many followers there are is not known" in page.text
        assert "post 1 1,000 unknown What the language model cost is not known." in page.text
        assert "$0.00" not in page.text
        assert "0 views" not in page.text
        assert "engagement 0.0 %" not in page.text


def test_what_others_and_the_model_wrote_is_shown_and_does_nothing_in_either_file(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    life = Life(database)
    post = life.publishes(f"post {HOSTILE}", BEGAN + HOUR)
    life.publishes(f"reply {HOSTILE}", BEGAN + 2 * HOUR, to="<b>ada", their_text=f"target {HOSTILE}")
    life.receives(post, BEGAN + 3 * HOUR, author='"><script>', text=f"received {HOSTILE}")
    life.asks_the_model(BEGAN, cost_usd=0.1, purpose=f"purpose {HOSTILE}")
    life.writes(
        Draft(decision_type=DecisionType.SINGLE, text=f"draft {HOSTILE} {{{{ 7 * 7 }}}} \u202e"),
        at=BEGAN,
        status=DecisionStatus.REJECTED,
        reason=f"reason {HOSTILE}",
    )
    judged = Judged(opportunity=found(1, found_at=BEGAN), source="search", turned_away=f"judged {HOSTILE}")
    keep(database, [judged], now=BEGAN)
    with database.transaction() as connection:
        raise_alert(connection, database.account, cause="x", sentence=f"alert {HOSTILE}", now=BEGAN)

    [report] = write_reports(settings, database, clock=clock).written

    for page in pages(report):
        for what in ("post", "reply", "target", "received", "purpose", "draft", "reason", "judged", "alert"):
            assert f"{what} {HOSTILE}" in page.text, what
        assert r"{{ 7 * 7 }} \u202e" in page.text, "no template's words, and what nobody would see as its code"
        assert not page.tags & {"script", "b", "svg", "iframe", "object", "form", "base"}
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
        assert all(address.startswith(f"{settings.x_url}/") for address in page.attributes("a", "href"))
        assert all(address.startswith("data:image/png;base64,") for address in page.attributes("img", "src"))
        assert not page.attributes("link", "href")


def test_the_page_may_run_nothing_and_load_nothing_even_if_an_escape_were_missing(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    Life(database).counts_followers(BEGAN, 1)
    [report] = write_reports(settings, database, clock=clock).written
    assert report.html_file.read_text().count("default-src 'none'; img-src data:; style-src 'unsafe-inline'") == 1


def test_nothing_of_another_account_is_in_a_report(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    other = AccountDatabase(database.engine, "other")
    lives_a_monday(Life(database))
    alone = look_back(settings, database, MONDAY, now=clock.now())
    lives_a_monday(Life(other, first_id=1_900_000_000_000_005_000))
    with other.transaction() as connection:
        raise_alert(connection, other.account, cause="x", sentence="Theirs.", now=BEGAN)
    keep(other, [Judged(opportunity=found(1, found_at=BEGAN), source="search")], now=BEGAN)

    assert look_back(settings, database, MONDAY, now=clock.now()) == alone
    theirs = look_back(settings.model_copy(update={"account": "other"}), other, MONDAY, now=clock.now())
    assert theirs.alerts.alerts
    assert theirs.opportunities.tally.judged == 1


@pytest.mark.parametrize(
    ("on", "began", "hours"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
    ],
)
def test_f27_a_day_on_which_clocks_are_changed_has_all_its_posts_and_no_others(
    settings: Settings, database: AccountDatabase, on: date, began: datetime, hours: int
) -> None:
    life = Life(database)
    life.publishes("The day before.", began - MINUTE)
    life.publishes("Its first.", began)
    life.publishes("Its last.", began + hours * HOUR - MINUTE)
    life.publishes("The day after.", began + hours * HOUR)
    settings_now = ManualClock(began + hours * HOUR + 6 * HOUR)

    report = look_back(settings, database, on, now=settings_now.now())
    assert [post.text for post in report.published.posts] == ["Its first.", "Its last."]

    written = write_reports(settings, database, clock=settings_now).written
    assert [one.day for one in written] == [on - DAY, on]
    for page in pages(written[-1]):
        assert "00:00" in page.text
        assert "23:59" in page.text


def test_checkpoints_that_may_still_be_read_in_time_are_not_owed_yet(
    settings: Settings, database: AccountDatabase
) -> None:
    life = Life(database)
    life.publishes("Early.", BEGAN + DAY - 3 * HOUR)
    life.publishes("Just now.", BEGAN + DAY - 2 * HOUR - MINUTE)
    just_after_midnight = look_back(settings, database, MONDAY, now=BEGAN + DAY + MINUTE)
    assert just_after_midnight.checkpoints.due == 1
    later = look_back(settings, database, MONDAY, now=BEGAN + DAY + 10 * MINUTE)
    assert (later.checkpoints.due, later.checkpoints.tally.owed) == (2, 2)


def test_f26_what_was_missed_is_made_up_for_once_and_nothing_is_made_twice(
    settings: Settings, database: AccountDatabase
) -> None:
    Life(database).asks_the_model(BEGAN + HOUR, cost_usd=0.1)
    clock = ManualClock(MORNING_AFTER + 3 * DAY)

    assert why_not_now(settings, database, now=clock.now()) is None
    summary = write_reports(settings, database, clock=clock)
    assert [report.day for report in summary.written] == [MONDAY + back * DAY for back in range(4)]
    assert why_not_now(settings, database, now=clock.now()) == "every day until 2026-03-05 has its report"

    unchanged = summary.written[1].html_file
    unchanged.write_text("as it was")
    summary.written[0].markdown_file.unlink()
    assert why_not_now(settings, database, now=clock.now()) is None, "half a report is none"
    again = write_reports(settings, database, clock=clock)
    assert [report.day for report in again.written] == [MONDAY, MONDAY + 3 * DAY], "what was missing, and yesterday"
    assert unchanged.read_text() == "as it was"

    clock.advance(30 * DAY)
    assert len(write_reports(settings, database, clock=clock).written) == 7, "no further back than a week"


def test_yesterdays_report_is_written_again_with_what_is_known_by_now(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    life = Life(database)
    post = life.publishes("Walk a little.", BEGAN + 8 * HOUR)
    [report] = write_reports(settings, database, clock=clock).written
    assert "Nothing was read of it yet" in report.markdown_file.read_text()

    life.reads(post, clock.now(), Counters(views=77))
    life.takes_stock(clock.advance(HOUR))
    [report] = write_reports(settings, database, clock=clock).written
    assert "77 views" in report.markdown_file.read_text()


def test_files_are_their_owners_alone_and_appear_whole(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    Life(database).counts_followers(BEGAN, 1)
    [report] = write_reports(settings, database, clock=clock).written
    folder = settings.home / "reports" / "practice"
    assert [file.name for file in sorted(folder.iterdir())] == ["2026-03-02.html", "2026-03-02.md"]
    assert [file.stat().st_mode & 0o777 for file in folder.iterdir()] == [0o600, 0o600]
    before = report.html_file.stat().st_ino
    write_reports(settings, database, clock=clock)
    assert report.html_file.stat().st_ino != before, "it is replaced, not written into"


def test_f25_without_anything_to_tell_nothing_is_written_and_the_reason_is_said(
    settings: Settings, database: AccountDatabase, clock: ManualClock
) -> None:
    for began_at, reason in (
        (None, "nothing is known of this account yet"),
        (clock.now(), "the account's first day is not over yet"),
    ):
        if began_at is not None:
            Life(database).counts_followers(began_at, 1)
        summary = write_reports(settings, database, clock=clock)
        assert (summary.result, summary.reason, summary.written) == (Result.NOTHING_TO_DO, reason, ())
        assert why_not_now(settings, database, now=clock.now()) == reason
    assert not (settings.home / "reports").exists()
