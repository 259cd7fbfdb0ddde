"""Settings of the backend: every entry with its default and what it is for, read once."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.addresses import named

_NOBODY = "usher@localhost"


def _postgres(url: str) -> str:
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise ValueError("write postgresql://user@host/name, or leave it empty for a SQLite file")
    return url


def _networks(text: str) -> str:
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            ip_network(part, strict=False)
        except ValueError:
            raise ValueError(
                f"{part!r} is no address: write 10.0.0.0/8, 127.0.0.1 and the like, with commas between"
            ) from None
    return text


def _smtp(url: str) -> str:
    """The message never holds the address, since that holds a password."""
    try:
        parts = urlsplit(url)
        good = not url or (parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0)
    except ValueError:
        good = False
    if not good:
        raise ValueError("write smtp://user:password@host:587 or smtps://user:password@host")
    return url


def _mail_from(text: str, given: ValidationInfo) -> str:
    if not text and given.data.get("smtp_url"):
        raise ValueError("say from which address mails come, such as Riverside <tickets@riverside.org>")
    named(text or _NOBODY)
    return text or _NOBODY


def _set_up(provider: str, given: ValidationInfo) -> str:
    missing = [
        f"USHER_{name.upper()}"
        for name in ("stripe_secret_key", "stripe_publishable_key", "stripe_webhook_secret")
        if provider == "stripe" and not given.data.get(name)
    ]
    if missing:
        raise ValueError(f"to take payments through Stripe, set {', '.join(missing)} too")
    return provider


def _can_meet(provider: str, given: ValidationInfo) -> str:
    needed = {"jitsi": ("jitsi_url", "jitsi_app_id", "jitsi_secret"), "daily": ("daily_api_key",)}
    missing = [f"USHER_{name.upper()}" for name in needed.get(provider, ()) if not given.data.get(name)]
    if missing:
        raise ValueError(f"to hold video meetings through {provider}, set {', '.join(missing)} too")
    return provider


class Settings(BaseSettings):
    """Read from the environment, each with the prefix `USHER_`."""

    model_config = SettingsConfigDict(env_prefix="USHER_", frozen=True, extra="ignore")

    data: Path = Field(
        default_factory=lambda: user_data_path("usher", appauthor=False) / "server",
        description="Folder of the database, its backups and the server's files.",
    )
    database_url: Annotated[str, AfterValidator(_postgres)] = Field(
        "", description="postgresql://… to use PostgreSQL instead of a SQLite file."
    )
    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 serves the local network.")
    port: int = Field(8750, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str = Field(
        "", description="Address under which phones reach this server, for links and QR codes."
    )
    access_minutes: int = Field(15, ge=1, description="Life of an access token, in minutes.")
    refresh_days: int = Field(30, ge=1, description="Life of a refresh token, in days.")
    key_days: int = Field(90, ge=1, description="How often a new key signs the tokens, in days.")
    rate_limits: bool = Field(True, description="Limit public routes per address and subject.")
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        "",
        description="Addresses or networks, separated by commas, whose X-Forwarded-For header is believed.",
    )
    smtp_url: Annotated[str, AfterValidator(_smtp)] = Field(
        "",
        repr=False,
        description="smtp://user:password@host:587 (with STARTTLS) or smtps://…, through which mails go out; "
        "empty writes them as files into the folder mail of the data folder.",
    )
    mail_from: Annotated[str, AfterValidator(_mail_from)] = Field(
        "",
        validate_default=True,
        description="From whom mails come: an address, or a name and an address in angle brackets; "
        "without a name the organisation's is shown.",
    )
    mail_days: int = Field(30, ge=1, description="How long mails are kept as they went out, in days.")
    setup_secret: str = Field(
        "",
        repr=False,
        description="Secret of the first set-up, which the program that starts this server gives; "
        "empty refuses it.",
    )
    stripe_secret_key: str = Field("", repr=False, description="Stripe's secret key, sk_…")
    stripe_publishable_key: str = Field("", description="Stripe's publishable key, pk_…, for clients.")
    stripe_webhook_secret: str = Field(
        "",
        repr=False,
        description="Secret of the webhook /api/client/events/stripe/webhook as Stripe shows it, whsec_…",
    )
    stripe_api: str = Field("", description="Another address of Stripe's API, for tests.")
    payment_provider: Annotated[Literal["desk", "stripe"], AfterValidator(_set_up)] = Field(
        "desk", description="Who takes what customers pay: desk (staff take the money) or stripe."
    )
    jitsi_url: str = Field("", description="Address of a Jitsi server, https://meet.example.org.")
    jitsi_app_id: str = Field("", description="The application id that the Jitsi server knows.")
    jitsi_secret: str = Field(
        "", repr=False, description="The secret with which the Jitsi server checks tokens (HS256)."
    )
    daily_api_key: str = Field("", repr=False, description="The API key of Daily.")
    daily_api: str = Field(
        "https://api.daily.co/v1", description="Another address of Daily's API, for tests."
    )
    meeting_provider: Annotated[Literal["none", "jitsi", "daily"], AfterValidator(_can_meet)] = Field(
        "none", description="Who gives rooms for video meetings: none, jitsi or daily."
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)] = Field(
        "info", description="debug, info, warning or error."
    )
    change_log_days: int = Field(
        14, ge=1, description="How long a kiosk may stay away and still get changes only."
    )

    @property
    def sqlite_path(self) -> Path:
        return self.data / "usher.db"

    @property
    def mail_folder(self) -> Path:
        return self.data / "mail"

    @property
    def base_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"
