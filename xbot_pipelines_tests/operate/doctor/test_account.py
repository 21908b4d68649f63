"""The account as the doctor sees it: what stops it, and what in its file makes no sense."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.operate import control
from xbot_pipelines.operate.doctor.account import (
    account_is_of_its_owner,
    account_may_act,
    caps_make_sense,
    feeds_answer,
    file_has_no_secrets,
    odd_caps,
    secrets_in,
)
from xbot_pipelines.operate.doctor.finding import Patient, Verdict
from xbot_pipelines.settings import ACKNOWLEDGEMENT, BrowserSettings, Caps, PublishingSettings
from xbot_pipelines.store import account
from xbot_pipelines.store.alerts import raise_alert
from xbot_pipelines.store.database import AccountDatabase, Provenance
from xbot_pipelines_tests.account_files import of_x
from xbot_pipelines_tests.feeds.site import Page, item, open_site, rss
from xbot_pipelines_tests.operate.doctor.conftest import faults, only
from xbot_pipelines_tests.operate.programs import free_ports
from xbot_pipelines_tests.store.given import claimed, single
from xbot_pipelines_tests.store.steps import doubt


@pytest.fixture
def standing(patient: Patient, clock: ManualClock) -> Patient:
    """The patient, at noon."""
    return replace(patient, clock=clock)


def with_profile(patient: Patient, **changes: object) -> Patient:
    """The same patient, with another account file."""
    profile = patient.settings.profile.model_copy(update=changes)
    return replace(patient, settings=patient.settings.model_copy(update={"profile": profile}))


def test_f17_a_wall_that_has_stopped_the_account_is_red_until_it_goes_on(
    standing: Patient, database: AccountDatabase, clock: ManualClock, by: Provenance
) -> None:
    assert only(account_may_act(standing), "account").found == "nothing stops it"
    account.pause(database, reason="X shows its login page", now=clock.now(), by=by)
    assert faults(account_may_act(standing)) == [
        "the account is paused since 2026-03-02 12:00 UTC: X shows its login page"
    ]
    account.resume(database, now=clock.now())
    assert only(account_may_act(standing), "account").verdict is Verdict.FINE


def test_a_pause_by_a_person_and_a_wait_are_warnings(
    standing: Patient, database: AccountDatabase, clock: ManualClock
) -> None:
    control.pause(database, reason="on holiday", clock=clock)
    assert only(account_may_act(standing), "account").verdict is Verdict.WARNING
    account.resume(database, now=clock.now())
    account.wait_until(database, clock.now() + timedelta(minutes=5), reason="rate limit exceeded")
    waiting = only(account_may_act(standing), "account")
    assert (waiting.verdict, waiting.to_do) == (Verdict.WARNING, "wait: it goes on by itself")


def test_f21_an_open_alert_is_red(standing: Patient, database: AccountDatabase, clock: ManualClock) -> None:
    with database.transaction() as connection:
        raise_alert(connection, database.account, cause="model budget", sentence="It is spent", now=clock.now())
    assert faults(account_may_act(standing)) == ["It is spent (since 2026-03-02 12:00 UTC)"]


def test_f02_an_attempt_of_which_nothing_is_known_for_long_is_a_warning(
    standing: Patient, database: AccountDatabase, clock: ManualClock
) -> None:
    attempt = claimed(database, single(), at=clock.now())
    doubt(database, attempt, clock.now())
    assert [finding.about for finding in account_may_act(standing)] == ["account"]
    clock.advance(timedelta(hours=1))
    finding = only(account_may_act(standing), "open attempt")
    assert finding.found == f"since 60 min nobody knows whether decision {attempt.decision_id} is on X"


@pytest.mark.parametrize(
    ("caps", "sentences"),
    [
        (Caps(), []),
        (Caps(posts_per_hour=0), ["no posts are published: a cap of theirs is 0"]),
        (Caps(replies_per_hour=1), ["40 replies a day are never reached with 1 an hour"]),
        (Caps(posts_per_hour=4, posts_per_day=3), ["4 posts an hour, but only 3 a day"]),
        (Caps(minimum_gap_minutes=30), ["6 publications an hour have no room with 30 min between any two"]),
        (Caps(minimum_gap_minutes=0), []),
    ],
)
def test_caps_that_go_not_together_are_warnings(patient: Patient, caps: Caps, sentences: list[str]) -> None:
    assert [finding.found for finding in odd_caps(caps)] == sentences
    [*found] = caps_make_sense(with_profile(patient, caps=caps))
    assert {finding.verdict for finding in found} == {Verdict.WARNING if sentences else Verdict.FINE}


def test_f28_a_secret_in_the_accounts_file_is_red_and_not_repeated(patient: Patient, tmp_path: Path) -> None:
    practising = patient.settings.model_copy(update={"openai_api_key": SecretStr("practice")})
    assert faults(file_has_no_secrets(replace(patient, settings=practising))) == []
    file = tmp_path / "ada.toml"
    for line in ("persona = 'hunter2-hunter2'", "# sk-abcdefghijklmnopqrstuvwx", "# postgresql://me:pw@host/db"):
        file.write_text(f'handle = "ada"\n{line}\n')
        finding = secrets_in(file, ["hunter2-hunter2"])
        assert (finding.verdict, finding.found) == (
            Verdict.FAULT,
            f"{file}, line 2, has a secret in it, or what looks like one",
        )


def test_a_feed_that_does_not_answer_and_a_web_page_are_warnings_and_the_others_are_counted(patient: Patient) -> None:
    [nobody] = free_ports(1)
    assert list(feeds_answer(patient)) == []
    with open_site() as site:
        site.pages["/feed.xml"] = Page(rss(item("Naps help memory", "https://example.org/1")))
        site.pages["/page"] = Page(b"<!doctype html><html><body>Hello", headers={"Content-Type": "text/html"})
        feeds = (f"http://127.0.0.1:{nobody}/feed.xml", f"{site.url}/page", f"{site.url}/feed.xml")
        silent, page, others = feeds_answer(with_profile(patient, feeds=feeds))
    assert (silent.verdict, page.verdict) == (Verdict.WARNING, Verdict.WARNING)
    assert silent.found.startswith(feeds[0])
    assert page.found.startswith(f"{feeds[1]} is a web page, not a feed")
    assert (others.verdict, others.found) == (Verdict.FINE, "1 of 3 can be read")


def test_what_the_owner_has_decided_is_told(patient: Patient) -> None:
    told = {finding.about: finding.found for finding in account_is_of_its_owner(patient)}
    assert told["dry run"] == "off: what is due is published"
    assert told["approval"] == "no post or reply waits for a person"
    assert told["timezone"].startswith("Europe/Vienna: it is ")
    dry = with_profile(patient, publishing=PublishingSettings(dry_run=True))
    assert only(account_is_of_its_owner(dry), "dry run").found.startswith("on: what would be sent is shown")


def test_off_practice_x_a_browser_is_red_until_its_owner_has_said_that_they_know_what_x_says(patient: Patient) -> None:
    real = replace(patient, settings=of_x(patient.settings))
    [sentence] = faults(account_is_of_its_owner(real))
    assert ACKNOWLEDGEMENT in sentence
    acknowledged = with_profile(real, browser=BrowserSettings(acknowledged=ACKNOWLEDGEMENT))
    assert faults(account_is_of_its_owner(acknowledged)) == []
    assert faults(account_is_of_its_owner(with_profile(real, transport="api"))) == []
