"""Settings of the kiosk: every entry with its default and what it is for, read once at the start."""

from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Config(BaseSettings):
    """Read from the environment, each with the prefix `USHER_KIOSK_`; what the command line gives wins.

    What an administrator decides (mode, scopes, lists, gate) comes with the pairing, not from here.
    """

    model_config = SettingsConfigDict(env_prefix="USHER_KIOSK_", frozen=True, extra="ignore")

    data: Path = Field(
        default_factory=lambda: user_data_path("usher", appauthor=False) / "kiosk",
        description="Folder of what this kiosk keeps: its acts, copies of the server's records, settings.",
    )
    server: str = Field("", description="Server that is offered at the first start, such as https://host.")
    theme: Literal["auto", "light", "dark"] = Field("auto", description="Look of the screen.")
    language: str = Field("", description="Language of the screen, such as de; empty for the system's.")
    text_size: int = Field(100, ge=80, le=200, description="Size of texts, in percent.")
    fullscreen: bool = Field(True, description="Fill the screen, and leave it only with the PIN.")
    reduced_motion: bool = Field(False, description="Show changes without movement.")
    sound: bool = Field(True, description="Tell verdicts and calls by sound too.")
    announce: str = Field(
        "", description="Languages that calls are read out in, such as de,en; empty for the screen's."
    )
    deadline: int = Field(
        250, ge=50, le=5_000, description="How long the door waits for the server's verdict, in milliseconds."
    )
    verdict_seconds: int = Field(
        4, ge=1, le=60, description="How long a verdict stays before the door is ready again by itself."
    )
    visitor_seconds: int = Field(
        30, ge=10, le=300, description="How long a visitor's screen waits for a touch before it starts anew."
    )
    journal_days: int = Field(
        7, ge=1, le=90, description="How long scans stay in the kiosk's own journal once the server has them."
    )
    camera: str = Field("", description="Camera to use by name or number; empty for the first.")
    port: int = Field(8750, ge=0, le=65_535, description="Port of the server inside this computer.")

    @property
    def announced(self) -> tuple[str, ...]:
        """Tags of the languages that calls are read out in."""
        return tuple(tag for tag in map(str.strip, self.announce.split(",")) if tag)

    @property
    def server_data(self) -> Path:
        """Folder of the server inside this computer, and of its log."""
        return self.data / "server"


def read(**given: Any) -> Config:
    """The settings, those given before those of the environment; None means not given."""
    return Config(**{name: value for name, value in given.items() if value is not None})
