"""The stage: whatever an account is set to, its rehearsal touches nothing of it, and goes to practice X alone."""

from pathlib import Path

from pydantic import SecretStr

from xbot_pipelines.operate.rehearsal.stage import folder_of, staged_settings
from xbot_pipelines.settings import load_settings
from xbot_pipelines_tests.account_files import accounts_with


def test_a_real_accounts_rehearsal_reaches_neither_x_nor_its_database_nor_its_model(tmp_path: Path) -> None:
    accounts = accounts_with(tmp_path, x="x.com")
    file = accounts / "practice.toml"
    file.write_text(
        file.read_text()
        .replace("dry_run = false", "dry_run = true")
        .replace('approval = "nobody"', 'approval = "everyone"')
    )
    settings = load_settings(
        {
            "XBOT_HOME": str(tmp_path / "home"),
            "XBOT_ACCOUNTS": str(accounts),
            "XBOT_X_URL": "https://x.com",
            "XBOT_X_API_URL": "https://api.x.com",
            "X_CLIENT_ID": "an-app",
            "X_CLIENT_SECRET": "of-the-app",
            **dict.fromkeys(
                ("X_API_KEY", "X_API_KEY_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"), "of-the-account"
            ),
            "XBOT_DATABASE_URL": "postgresql://somebody:secret@db.example/x",
            "OPENAI_API_KEY": "sk-of-a-real-provider",
            "OPENAI_BASE_URL": "https://provider.example/v1",
        }
    )
    staged = staged_settings(settings, folder_of(settings), port=8711, transport="api")
    assert staged.is_practice
    assert staged.x_url == "http://127.0.0.1:8711"
    assert staged.api_url == "http://127.0.0.1:8711"
    assert "of-the" not in "".join(
        value.get_secret_value() for value in vars(staged).values() if isinstance(value, SecretStr)
    )
    assert staged.x_client_id is None
    assert staged.database_url is None
    assert staged.home == tmp_path / "home" / "rehearsal"
    assert staged.session_file.is_relative_to(staged.home)
    assert staged.token_file.is_relative_to(staged.home)
    assert staged.openai_base_url == "http://127.0.0.1:8711/v1"
    assert staged.openai_api_key is not None
    assert staged.openai_api_key.get_secret_value() == "practice"
    assert not staged.profile.publishing.dry_run
    # Whoever has the last word has it here, too: the rehearsal's person approves in their place.
    assert staged.profile.publishing.approval == "everyone"
    assert settings.profile.publishing.dry_run


def test_an_account_that_says_nothing_of_approval_rehearses_without_a_person(tmp_path: Path) -> None:
    accounts = accounts_with(tmp_path, x="x.com")
    file = accounts / "practice.toml"
    file.write_text(file.read_text().replace('approval = "nobody"', ""))
    settings = load_settings({"XBOT_ACCOUNTS": str(accounts)})
    assert settings.profile.publishing.approval == "everyone"
    assert staged_settings(settings, folder_of(settings), port=8711).profile.publishing.approval == "nobody"
