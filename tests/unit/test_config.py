"""Settings: what is wrong is named by its key, with what to do."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from bot.config import SettingsError, load_settings


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_example_is_valid_and_shows_what_holds_without_it() -> None:
    example = load_settings(Path("config.example.toml"))
    assert example == load_settings(None)


def test_commented_values_of_the_example_are_the_defaults(tmp_path: Path) -> None:
    lines = Path("config.example.toml").read_text(encoding="utf-8").splitlines()
    given = [line.removeprefix("# ") if line.startswith("# ") and " = " in line else line for line in lines]
    given = [line for line in given if not line.startswith(("webhook_", "admins", "Copy", "What", '"'))]
    loaded = load_settings(written(tmp_path, "\n".join(given)))
    assert loaded == load_settings(None)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[telegram]\ntokn = 'x'", "telegram.tokn"),
        ("[telegramm]\ntoken = 'x'", "telegramm"),
        ("[bot]\ntimezone = 'Europe/Pariss'", "bot.timezone"),
        ("[bot]\ndefault_language = 'xx'", "bot.default_language"),
        ("[telegram]\nmessages_per_second = 0", "telegram.messages_per_second"),
        ("[telegram]\nmode = 'carrier pigeon'", "telegram.mode"),
        ("[telegram]\nmode = 'webhook'", "webhook_url"),
        ("[telegram]\nmode = 'webhook'\nwebhook_url = 'https://a.example/b'", "webhook_secret"),
        ("[telegram]\napi_url = 'not a url'", "telegram.api_url"),
        ("[telegram]\nwebhook_listen = '8443'", "telegram.webhook_listen"),
        ("[matrix]\nhomeserver = 'https://m.example'", "matrix.user"),
        ("[matrix]\nhomeserver = 'https://m.example'\nuser = '@b:m.example'\npassword = 'x'", "matrix.passphrase"),
        ("[matrix]\nuser = '@b'", "matrix.user"),
        ("[matrix]\nallowed_rooms = ['room']", "matrix.allowed_rooms"),
        ("[matrix]\nhomeserver = 'm.example'", "matrix.homeserver"),
        ("[health]\nlisten = 'here'", "health.listen"),
        ("[storage]\nurl = 'mysql://x'", "storage"),
        ("[quiet_hours]\nfrom = 'late'", "quiet_hours.from"),
        ("[staff]\nadmins = ['123']", "staff.admins"),
        ("[staff]\nthread = 'salon'", "staff.thread"),
        ("[staff]\nthreads = {Aurore = 'telegram:x'}", "staff.threads.Aurore"),
        ("[digest]\nday = 'jeudi'", "digest.day"),
        ("[digest]\nat = 'soir'", "digest.at"),
        ("[groups]\n'le café' = 'telegram'", "groups.le café"),
        ("[groups]\nnuit = 'telegram:-100/x'", "groups.nuit"),
        ("[groups]\nsalon = 'matrix:@a:x.example'", "groups.salon"),
        ("[telegram\ntoken = 'x'", "not valid TOML"),
    ],
)
def test_a_wrong_setting_names_its_key(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(written(tmp_path, text))
    assert key in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLIDARITY_BOT__TELEGRAM__TOKEN", "from-environment")
    monkeypatch.setenv("SOLIDARITY_BOT__QUIET_HOURS__FROM", "22:00")
    loaded = load_settings(written(tmp_path, "[telegram]\ntoken = 'from-file'\nmessages_per_second = 5"))
    assert loaded.telegram.token.get_secret_value() == "from-environment"
    assert loaded.telegram.messages_per_second == 5
    assert loaded.quiet_hours.start == time(22, 0)


def test_a_wrong_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLIDARITY_BOT__TELEGRAM__TOKKEN", "x")
    with pytest.raises(SettingsError, match="tokken"):
        load_settings(None)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    loaded = load_settings(written(tmp_path, "[telegram]\ntoken = 'very-secret'"))
    assert "very-secret" not in repr(loaded)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config\.example\.toml"):
        load_settings(tmp_path / "nowhere.toml")
