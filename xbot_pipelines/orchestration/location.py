"""Which account this code location is: one location, one account (`XBOT_ACCOUNT`), read when Dagster loads us."""

from xbot_pipelines.settings import load_settings

SETTINGS = load_settings()
ACCOUNT = SETTINGS.account
