"""Settings from the environment or a ``.env`` file; see ``docs/settings.md`` for the list with explanations."""

import ipaddress
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.base.database_url import read_database_url
from app.base.problems.settings import (
    BaseUrlHasPath,
    BaseUrlNotEncrypted,
    BaseUrlUnreadable,
    ProxiesUnreadable,
    SettingFault,
    SettingRefused,
)
from app.base.smtp_url import SmtpUrlUnreadable, read_smtp_url

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})


def _default_data_dir() -> Path:
    # XDG Base Directory Specification: state that should outlive restarts but is no configuration.
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "antichambre"


def _check_base_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        raise SettingRefused(BaseUrlUnreadable(url[:200])) from None
    sound = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if not sound or parts.query or parts.fragment:
        raise SettingRefused(BaseUrlUnreadable(url[:200]))
    if parts.path:
        raise SettingRefused(BaseUrlHasPath(url[:200], parts.path[:100]))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise SettingRefused(BaseUrlNotEncrypted(url[:200]))


BASE_URL_SETTING: Final = "ANTICHAMBRE_PUBLIC_BASE_URL"
"""As people write it."""


class Settings(BaseSettings):
    """Everything that differs between installations. Names of the variables are part of the public contract."""

    model_config = SettingsConfigDict(env_prefix="ANTICHAMBRE_", env_file=".env", extra="ignore", frozen=True)

    database_url: str | None = Field(default=None, validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    data_dir: Path = Field(default_factory=_default_data_dir)
    public_base_url: Annotated[tuple[str, ...], NoDecode] = ("http://127.0.0.1:8000",)
    secret_key: SecretStr | None = None
    twilio_api_url: str = "https://api.twilio.com"
    smtp_url: SecretStr | None = None
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    log_level: str = "info"
    journal_deadline_ms: int = Field(default=250, ge=1, le=5000)
    lost_call_minutes: int = Field(default=250, ge=1)
    offer_calls: bool = True
    allow_private_targets: bool = False
    deliver_webhooks: bool = True
    renew_subscriptions: bool = True
    ask_look_ups: bool = True

    @field_validator("database_url")
    @classmethod
    def _asyncpg_url(cls, value: str | None) -> str | None:
        if not value:
            return None
        read_database_url(value)  # refuses what nobody could connect with
        return f"postgresql+asyncpg://{value.partition('://')[2]}"

    @field_validator("public_base_url", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
        except ValueError as error:
            raise SettingRefused(ProxiesUnreadable(str(error))) from error

    @field_validator("public_base_url")
    @classmethod
    def _https_unless_loopback(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        if not urls:
            raise SettingRefused(SettingFault.BASE_URL_MISSING)
        for url in urls:
            _check_base_url(url)
        return urls

    @field_validator("twilio_api_url")
    @classmethod
    def _https_to_twilio(cls, url: str) -> str:
        """The account's token goes there: nowhere but over https, unless it stays on this machine."""
        try:
            _check_base_url(url := url.rstrip("/"))
        except SettingRefused as refusal:
            raise SettingRefused(SettingFault.API_URL_UNREADABLE) from refusal
        return url

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value().strip():
            return None
        try:
            read_smtp_url(value.get_secret_value().strip())
        except SmtpUrlUnreadable:
            raise SettingRefused(SettingFault.SMTP_URL_UNREADABLE) from None
        return value

    @property
    def base_url(self) -> str:
        """The first public base URL: the one that we print and build absolute links with."""
        return self.public_base_url[0]

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us over https, so that cookies can demand it."""
        return self.base_url.startswith("https://")

    @cached_property
    def key(self) -> bytes:
        """The secret that signs steps and encrypts tokens. Without ANTICHAMBRE_SECRET_KEY one is made on first use and
        kept in the data folder, readable by its owner only; several hosts need the setting."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        path = self.data_dir / "secret.key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        return path.read_bytes()
