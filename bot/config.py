"""Typed settings: config.toml, each key also from the environment (SOLIDARITY_BOT__TELEGRAM__TOKEN)."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ENVIRONMENT_PREFIX = "SOLIDARITY_BOT__"


class SettingsError(Exception):
    """A setting is wrong: the message names its key and says what to do."""


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone; write it like Europe/Paris")
    return name


def _host_and_port(value: str) -> str:
    if not value:
        return value
    host, colon, port = value.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise ValueError('write it as host:port, for example "127.0.0.1:8080"')
    return value


def _web_address(value: str) -> str:
    if value:
        HttpUrl(value)
    return value.rstrip("/")


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w:-]*", value.get_secret_value(), re.ASCII):
        raise ValueError("not a token: copy it again from @BotFather, without spaces or quotes")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    """Source: Telegram Bot API, setWebhook.secret_token."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
        raise ValueError("only letters without accents, digits, _ and -, 256 at most")
    return value


def _database_url(value: str) -> str:
    if not re.fullmatch(r"sqlite://(/[^?]+)?|postgresql\+asyncpg://.+", value):
        raise ValueError('it is like "sqlite:///file.db" or "postgresql+asyncpg://user@host/name"')
    return value


def _platform_id(value: str) -> str:
    platform, colon, user = value.partition(":")
    if not colon or not user or platform not in ("telegram", "matrix", "console"):
        raise ValueError('write it as platform:id, for example "telegram:123456"')
    return value


def _matrix_user(value: str) -> str:
    if value and not re.fullmatch(r"@[^:\s]+:\S+|[^@:\s]+", value):
        raise ValueError('write it like "@bot:example.org"')
    return value


def _matrix_room(value: str) -> str:
    if not re.fullmatch(r"[!#]\S+", value):
        raise ValueError('write a room like "!id:example.org" or "#name:example.org"')
    return value


def _group(value: str) -> str:
    if not re.fullmatch(r"telegram:-?\d+(/\d+)?|matrix:!\S+", value, re.ASCII):
        raise ValueError(
            'write it like "telegram:-100123", "telegram:-100123/45" (a topic) or "matrix:!room:example.org"'
        )
    return value


def _group_or_none(value: str) -> str:
    return _group(value) if value else value


GroupAddress = Annotated[str, AfterValidator(_group)]
Listen = Annotated[str, AfterValidator(_host_and_port)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Zone = Annotated[str, AfterValidator(_known_zone)]
PlatformId = Annotated[str, AfterValidator(_platform_id)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BotSettings(Section):
    name: str = "Solidarité"
    default_language: Literal["fr", "en"] = "fr"
    timezone: Zone = "Europe/Paris"
    city: Literal["paris"] = "paris"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class StorageSettings(Section):
    url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///solidarity-bot.db"


class TelegramSettings(Section):
    token: Annotated[SecretStr, AfterValidator(_token)] = SecretStr("")
    api_url: WebAddress = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: WebAddress = ""
    webhook_listen: Listen = "127.0.0.1:8443"
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    messages_per_second: float = Field(default=25, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> TelegramSettings:
        if self.mode == "webhook" and not self.webhook_url:
            raise ValueError('webhook_url: needed when mode = "webhook": the public https address of this bot')
        if self.mode == "webhook" and not self.webhook_secret.get_secret_value():
            raise ValueError('webhook_secret: needed when mode = "webhook": any long random word')
        return self


class MatrixSettings(Section):
    homeserver: WebAddress = ""
    """"" leaves Matrix out."""
    user: Annotated[str, AfterValidator(_matrix_user)] = ""
    password: SecretStr = SecretStr("")
    access_token: SecretStr = SecretStr("")
    device_name: str = "solidarity-bot"
    store: Path = Path("matrix-store")
    passphrase: SecretStr = SecretStr("")
    allowed_rooms: tuple[Annotated[str, AfterValidator(_matrix_room)], ...] = ()
    messages_per_second: float = Field(default=5, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _login_is_whole(self) -> MatrixSettings:
        if not self.homeserver:
            return self
        if not self.access_token.get_secret_value() and not (self.user and self.password.get_secret_value()):
            kept = (self.store / "account.json").exists()
            if not kept:
                raise ValueError("user: set it and password, or access_token: the account of the bot")
        if not self.passphrase.get_secret_value():
            raise ValueError("passphrase: needed, any long random words: it seals token and keys on the disk")
        return self


class GeocodingSettings(Section):
    url: WebAddress = "https://data.geopf.fr/geocodage"
    """"" turns the national geocoder off."""
    nominatim_url: WebAddress = ""


class StaffSettings(Section):
    admins: tuple[PlatformId, ...] = ()
    thread: Annotated[str, AfterValidator(_group_or_none)] = ""
    """The team's own chat, where answers to announcements come to; "": to whoever announced."""
    threads: dict[str, GroupAddress] = {}
    """The same for partners, by their association."""


class QuietHoursSettings(Section):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: time = Field(default=time(21, 30), alias="from")
    end: time = Field(default=time(8, 0), alias="to")


class DigestSettings(Section):
    """When volunteers are told the missions of the coming week."""

    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", ""] = "thursday"
    """"" for never."""
    at: time = time(18, 0)


class HealthSettings(Section):
    listen: Listen = "127.0.0.1:8080"
    """"" turns the endpoint off."""
    public_url: WebAddress = ""
    """Where the outside reaches it (a proxy in front): people then subscribe to a calendar of their own."""


class Settings(BaseSettings):
    """Every setting, with what holds when it is not given."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
    )

    bot: BotSettings = BotSettings()
    storage: StorageSettings = StorageSettings()
    telegram: TelegramSettings = TelegramSettings()
    matrix: MatrixSettings = MatrixSettings()
    geocoding: GeocodingSettings = GeocodingSettings()
    staff: StaffSettings = StaffSettings()
    quiet_hours: QuietHoursSettings = QuietHoursSettings()
    digest: DigestSettings = DigestSettings()
    health: HealthSettings = HealthSettings()
    groups: dict[Annotated[str, Field(min_length=1, max_length=64)], GroupAddress] = {}
    """Groups, channels, topics and rooms that announcements may go to, by the name that staff choose them by."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (env_settings, init_settings)


def load_settings(path: Path | None) -> Settings:
    """The settings of `path`, overridden by the environment. Raises SettingsError with the key and what to do."""
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError(f"{path}: no such file; copy config.example.toml and fill it in") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read: {error}") from None
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: not valid TOML: {error}") from None
    _refuse_unknown_variables()
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("; ".join(_explained(problem) for problem in error.errors())) from None
    except ValueError as error:  # an environment variable that should be JSON and is not
        raise SettingsError(str(error)) from None


def _refuse_unknown_variables() -> None:
    """pydantic-settings overlooks variables of sections that do not exist."""
    for name in os.environ:
        section = name.upper().removeprefix(ENVIRONMENT_PREFIX).split("__")[0].lower()
        if name.upper().startswith(ENVIRONMENT_PREFIX) and section not in Settings.model_fields:
            raise SettingsError(f"{name}: unknown setting; config.example.toml lists those there are")


def _explained(problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown setting; config.example.toml lists those there are"
    message = problem["msg"].removeprefix("Value error, ")
    of_a_whole_section = len(problem["loc"]) == 1 and problem["type"] == "value_error"
    return f"{key}.{message}" if of_a_whole_section else f"{key}: {message}"
