"""The list of checks, in the order in which they are shown: from what everything stands on to the account itself."""

from collections.abc import Sequence

from xbot_pipelines.operate.doctor.account import (
    account_is_of_its_owner,
    account_is_of_its_x,
    account_may_act,
    caps_make_sense,
    feeds_answer,
    file_has_no_secrets,
)
from xbot_pipelines.operate.doctor.chromium import chromium_starts
from xbot_pipelines.operate.doctor.database import database_serves
from xbot_pipelines.operate.doctor.finding import Check
from xbot_pipelines.operate.doctor.installed import packages_are_those_of_the_lock, python_runs
from xbot_pipelines.operate.doctor.language_model import model_answers
from xbot_pipelines.operate.doctor.machine import (
    data_folder_is_ours,
    git_leaves_it_out,
    home_has_room,
    memory_is_enough,
    private_files_are_private,
)
from xbot_pipelines.operate.doctor.services import dagster_works, ports_are_ours
from xbot_pipelines.operate.doctor.way_to_x import login_is_saved, login_is_taken, x_answers

CHECKS: Sequence[Check] = (
    Check(name="Python", look=python_runs),
    Check(name="packages", look=packages_are_those_of_the_lock),
    Check(name="disk", look=home_has_room),
    Check(name="memory", look=memory_is_enough),
    Check(name="data folder", look=data_folder_is_ours),
    Check(name="git", look=git_leaves_it_out),
    Check(name="private files", look=private_files_are_private),
    Check(name="account file", look=file_has_no_secrets),
    Check(name="browser", look=chromium_starts, seconds=15),
    Check(name="ports", look=ports_are_ours),
    Check(name="database", look=database_serves),
    Check(name="Dagster", look=dagster_works, seconds=12),
    Check(name="which X", look=account_is_of_its_x),
    Check(name="X", look=x_answers),
    Check(name="login", look=login_is_saved),
    Check(name="login at X", look=login_is_taken, seconds=16),
    Check(name="model", look=model_answers, seconds=16),
    Check(name="feeds", look=feeds_answer, seconds=15),
    Check(name="caps", look=caps_make_sense),
    Check(name="the owner's choices", look=account_is_of_its_owner),
    Check(name="account", look=account_may_act),
)
