"""What a person can set: the environment and `accounts/<name>.toml`, as one typed object that never changes.

Here belongs every switch of the product, its default, and the error that says how to put it right. What the
switches do belongs to the rooms that read them. It is on Dagster's load path: it imports nothing heavy and
touches no network.
"""

from xbot_pipelines.settings.account import (
    ACKNOWLEDGEMENT,
    AccountSettings,
    ApiSettings,
    Approval,
    BrowserSettings,
    Caps,
    ModelSettings,
    PublishingSettings,
    ReplySettings,
    RetentionSettings,
    Transport,
    XSite,
)
from xbot_pipelines.settings.addresses import is_this_machine
from xbot_pipelines.settings.everything import Settings
from xbot_pipelines.settings.reading import SettingsError, account_file, load_settings
from xbot_pipelines.settings.variables import (
    INTERNAL_VARIABLES,
    OAUTH_1_FIELDS,
    OAUTH_1_VARIABLES,
    SECRET_VARIABLES,
    SECRETS,
    VARIABLES,
)
from xbot_pipelines.settings.which_x import PRACTICE_KEY

__all__ = [
    "ACKNOWLEDGEMENT",
    "INTERNAL_VARIABLES",
    "OAUTH_1_FIELDS",
    "OAUTH_1_VARIABLES",
    "PRACTICE_KEY",
    "SECRETS",
    "SECRET_VARIABLES",
    "VARIABLES",
    "AccountSettings",
    "ApiSettings",
    "Approval",
    "BrowserSettings",
    "Caps",
    "ModelSettings",
    "PublishingSettings",
    "ReplySettings",
    "RetentionSettings",
    "Settings",
    "SettingsError",
    "Transport",
    "XSite",
    "account_file",
    "is_this_machine",
    "load_settings",
]
