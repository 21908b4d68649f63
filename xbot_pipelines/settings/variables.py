"""The environment variables that a person can set, the fields that they fill, and which of these are secrets."""

VARIABLES = {
    "XBOT_ACCOUNT": "account",
    "XBOT_HOME": "home",
    "XBOT_DATABASE_URL": "database_url",
    "XBOT_OWNER_DATABASE_URL": "owner_database_url",
    "XBOT_DAGSTER_DATABASE_URL": "dagster_database_url",
    "XBOT_READER_DATABASE_URL": "reader_database_url",
    "XBOT_X_URL": "x_url",
    "XBOT_X_API_URL": "x_api_url",
    "X_CLIENT_ID": "x_client_id",
    "X_CLIENT_SECRET": "x_client_secret",
    "X_API_KEY": "x_api_key",
    "X_API_KEY_SECRET": "x_api_key_secret",
    "X_ACCESS_TOKEN": "x_access_token",
    "X_ACCESS_TOKEN_SECRET": "x_access_token_secret",
    "OPENAI_API_KEY": "openai_api_key",
    "OPENAI_BASE_URL": "openai_base_url",
    "XBOT_MODEL": "model",
    "XBOT_CHROMIUM": "chromium",
    "XBOT_UI_PORT": "ui_port",
    "XBOT_PRACTICE_PORT": "practice_port",
    "XBOT_LOGIN_PORT": "login_port",
    "XBOT_HEALTH_HOST": "health_host",
    "XBOT_HEALTH_PORT": "health_port",
    "XBOT_ALERT_URLS": "alert_urls",
    "XBOT_ALLOWED_HOSTS": "allowed_hosts",
}
"""Environment variable to field of `Settings`. A variable that is set to nothing counts as not set."""

INTERNAL_VARIABLES = ("XBOT_ACCOUNTS", "XBOT_CODE_SOCKET", "XBOT_UP")
"""Our processes set these for each other, and the folder of the account files; no part of `Settings`."""

RETIRED_VARIABLES = ("XBOT_CODE_HOST", "XBOT_CODE_PORT")
"""Set for earlier versions, and without effect: no mistake."""

OAUTH_1_KEYS = {
    variable: field for variable, field in VARIABLES.items() if variable.startswith(("X_API_KEY", "X_ACCESS_TOKEN"))
}
"""The four keys with which OAuth 1.0a signs: environment variable to field."""

OAUTH_1_FIELDS = tuple(OAUTH_1_KEYS.values())
"""Their fields."""

_DATABASES = {field for field in VARIABLES.values() if field.endswith("database_url")}
SECRETS = {*_DATABASES, "alert_urls", "openai_api_key", "x_client_secret", *OAUTH_1_FIELDS}
"""The fields of `Settings` whose values are shown nowhere (F28)."""

SECRET_VARIABLES = frozenset(variable for variable, field in VARIABLES.items() if field in SECRETS)
"""The environment variables with which they are set."""

OAUTH_1_VARIABLES = frozenset(OAUTH_1_KEYS)
"""The variables of `OAUTH_1_KEYS`."""
