"""The parts that every page is served with: made once by `create_app`, and asked for by name."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, current_app

from app.config import Settings
from app.db import Database
from app.platforms.base import Platform
from app.vault import Vault

_KEY = "stamkunde"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a request may need beside itself."""

    settings: Settings
    database: Database
    vault: Vault
    platform: Platform


def keep(app: Flask, parts: Parts) -> None:
    """Give an app its parts."""
    app.extensions[_KEY] = parts


def _parts() -> Parts:
    parts: Parts = current_app.extensions[_KEY]
    return parts


def settings() -> Settings:
    """How this installation is set up."""
    return _parts().settings


def database() -> Database:
    """Where everything is recorded."""
    return _parts().database


def vault() -> Vault:
    """What seals and opens."""
    return _parts().vault


def platform() -> Platform:
    """The host platform."""
    return _parts().platform


def now() -> datetime:
    """The moment of asking; everything below takes it as `at`."""
    return datetime.now(UTC)
