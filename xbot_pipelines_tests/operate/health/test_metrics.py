"""Prometheus's text: what is known is there under names that stay, and what is unknown is left out."""

import re
from decimal import Decimal

from prometheus_client.parser import text_string_to_metric_families

from xbot_pipelines.operate.health.facts import ApiUse, Facts
from xbot_pipelines.operate.health.judging import judge
from xbot_pipelines.operate.health.metrics import as_text
from xbot_pipelines.orchestration.records import Ended
from xbot_pipelines.systems.budget import Month
from xbot_pipelines_tests.conftest import NOON, ROOT
from xbot_pipelines_tests.operate.health.well import HOUR, activity, dagster, job, outcome, surroundings, well


def samples(facts: Facts) -> dict[str, float]:
    """What Prometheus would read, by name and labels without the account's."""
    found = {}
    for family in text_string_to_metric_families(as_text(judge(facts))):
        for sample in family.samples:
            labels = dict(sample.labels)
            assert labels.pop("account") == "practice"
            told = ",".join(f"{name}={value}" for name, value in labels.items())
            found[f"{sample.name}{{{told}}}" if told else sample.name] = sample.value
    return found


def test_an_account_that_is_well_is_told_in_numbers() -> None:
    failed = (outcome(NOON - HOUR, Ended.FAILED),)
    found = samples(well(dagster=dagster(job("news", outcomes=failed, last_success_at=None))))
    assert found["xbot_status{status=ok}"] == 1
    assert found["xbot_status{status=down}"] == 0
    assert found["xbot_info{handle=daily_vitals,version=0.1.0}"] == 1
    assert found["xbot_looked_timestamp_seconds"] == NOON.timestamp()
    assert found["xbot_job_last_result{job=news,result=failed}"] == 1
    assert found["xbot_job_last_success_timestamp_seconds{job=posting}"] == NOON.timestamp() - 150
    assert found["xbot_job_next_turn_timestamp_seconds{job=posting}"] == NOON.timestamp() + 300
    assert found["xbot_collection_rate"] == 1
    assert found["xbot_model_spent_usd"] == 0.01
    assert not any(name.startswith("xbot_reason") for name in found)


def test_what_is_unknown_is_left_out_and_no_zero() -> None:
    never = dagster(job("news", last_success_at=None, outcomes=()))
    found = samples(well(dagster=never))
    assert "xbot_job_last_success_timestamp_seconds{job=news}" not in found
    assert "xbot_queue_oldest_due_age_seconds{kind=single}" not in found
    assert "xbot_last_post_timestamp_seconds" not in found
    assert "xbot_api_spent_usd" not in found
    blind = samples(well(activity=None, dagster=None, database_fault="gone"))
    assert blind["xbot_database_answers"] == 0
    assert blind["xbot_reason{cause=database,status=down}"] == 1
    assert not any(name.startswith(("xbot_job", "xbot_queue", "xbot_paused")) for name in blind)


def test_what_xs_api_has_cost_is_told_where_it_costs() -> None:
    month = Month(spent=Decimal("8.20"), budget=Decimal(10), stopped={})
    found = samples(well(activity=activity(api_use=ApiUse(month=month, used_up=()))))
    assert (found["xbot_api_spent_usd"], found["xbot_api_monthly_budget_usd"]) == (8.2, 10)


def test_what_others_wrote_stays_inside_its_label() -> None:
    odd = 'No "browser"\nxbot_status 0'
    found = samples(well(surroundings=surroundings(browser_fault=odd)))
    assert found["xbot_reason{cause=browser,status=down}"] == 1


def test_every_name_is_in_the_manual_and_none_more() -> None:
    month = ApiUse(month=Month(spent=Decimal(1), budget=Decimal(10), stopped={}), used_up=())
    text = as_text(judge(well(activity=activity(api_use=month), surroundings=surroundings(disk_free_bytes=1))))
    exported = set(re.findall(r"^# TYPE (\S+) gauge$", text, re.MULTILINE))
    manual = (ROOT / "docs" / "health.md").read_text(encoding="utf-8")
    assert exported == set(re.findall(r"`(xbot_[a-z_]+)", manual))
