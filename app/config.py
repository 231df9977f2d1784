"""Settings: read once from the environment, and handed to whoever needs them.

Secrets that nobody gave are made and kept in the instance folder, readable by its owner alone.
That is for a demo on one machine: production refuses to start with secrets of our own making.
Any setting may also be the name of a file that holds it, with _FILE after the setting's own name.
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IRWXO
from urllib.parse import parse_qs, urlsplit

from cryptography.fernet import Fernet
from environs import Env, FileAwareEnv

BESIDE_THE_CODE = Path(__file__).parents[1] / "migrations"
MOST_IMPORT_BYTES = 256 * 1024 * 1024


class NotConfigured(Exception):
    """A setting is missing or wrong; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to the next."""

    environment: str
    instance: Path
    database_url: str = field(repr=False)
    public_url: str
    """Where the platform and the browser reach us, without a slash at the end."""
    shopify_client_id: str
    shopify_client_secret: str = field(repr=False)
    shopify_old_client_secret: str | None = field(repr=False)
    shopify_origin: str
    shopify_script_tags: bool
    seal_keys: tuple[str, ...] = field(repr=False)
    hash_key: str = field(repr=False)
    session_key: str = field(repr=False)
    trusted_proxies: int
    log_level: str
    log_json: bool
    most_body_bytes: int
    most_import_bytes: int = MOST_IMPORT_BYTES
    """The largest file that a merchant can bring to be imported."""
    plain_database: bool = False
    """Whether the network to the database seals by itself, so that the connection need not."""
    metrics_token: str | None = field(default=None, repr=False)
    """Whoever brings it may read /metrics from another machine; without one, nobody may."""
    migrations: Path = BESIDE_THE_CODE
    """Where the migrations lie; elsewhere when the package was installed without them."""

    @property
    def is_production(self) -> bool:
        """Whether real shoppers depend on this installation."""
        return self.environment == "production"


LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_SECRETS = ("seal_keys", "hash_key", "session_key", "shopify_client_secret")


def read_settings() -> Settings:
    """The settings in the environment. Raises NotConfigured, which says what to do."""
    try:
        settings = _read(FileAwareEnv(prefix="STAMKUNDE_", strip_whitespace=True))
    except ValueError as error:
        raise NotConfigured(str(error)) from error
    except OSError as error:
        raise NotConfigured(f"The instance folder cannot be used: {error}.") from error
    _refuse_nonsense(settings)
    if settings.is_production:
        _refuse_the_demo_in_production(settings)
        _refuse_open_secrets()
        _refuse_to_be_overheard(settings)
    return settings


def _read(env: Env) -> Settings:
    unprefixed = FileAwareEnv(strip_whitespace=True)
    environment = env.str("ENV", "demo")
    if environment not in ("demo", "production"):
        raise NotConfigured(f"STAMKUNDE_ENV is demo or production, not {environment!r}.")
    instance = Path(env.str("INSTANCE", "instance")).resolve()
    made = _made_secrets(instance) if environment == "demo" else {}
    given = {
        "seal_keys": env.str("SEAL_KEYS", ""),
        "hash_key": env.str("HASH_KEY", ""),
        "session_key": env.str("SESSION_KEY", ""),
        "shopify_client_secret": env.str("SHOPIFY_CLIENT_SECRET", ""),
    }
    secret = {name: given[name] or made.get(name, "") for name in _SECRETS}
    missing = [f"STAMKUNDE_{name.upper()}" for name in _SECRETS if not secret[name]]
    if missing:
        raise NotConfigured(f"Production needs these to be set: {', '.join(missing)}.")
    return Settings(
        environment=environment,
        instance=instance,
        database_url=unprefixed.str("DATABASE_URL", "") or f"sqlite:///{instance}/stamkunde.db",
        public_url=env.str("URL", "http://127.0.0.1:8000").rstrip("/"),
        shopify_client_id=env.str("SHOPIFY_CLIENT_ID", "stamkunde-demo"),
        shopify_client_secret=secret["shopify_client_secret"],
        shopify_old_client_secret=env.str("SHOPIFY_OLD_CLIENT_SECRET", "") or None,
        shopify_origin=env.str("SHOPIFY_ORIGIN", "https://{shop}"),
        shopify_script_tags=env.bool("SHOPIFY_SCRIPT_TAGS", default=False),
        seal_keys=tuple(key.strip() for key in secret["seal_keys"].split(",")),
        hash_key=secret["hash_key"],
        session_key=secret["session_key"],
        trusted_proxies=env.int("TRUSTED_PROXIES", 0),
        log_level=env.str("LOG_LEVEL", "INFO").upper(),
        log_json=env.bool("LOG_JSON", default=environment == "production"),
        most_body_bytes=env.int("MOST_BODY_BYTES", 2 * 1024 * 1024),
        most_import_bytes=env.int("MOST_IMPORT_BYTES", MOST_IMPORT_BYTES),
        plain_database=env.bool("PLAIN_DATABASE", default=False),
        metrics_token=env.str("METRICS_TOKEN", "") or None,
        migrations=Path(env.str("MIGRATIONS", "") or BESIDE_THE_CODE),
    )


def _refuse_nonsense(settings: Settings) -> None:
    if not settings.public_url.startswith(("http://", "https://")):
        raise NotConfigured("STAMKUNDE_URL must begin with https:// or http://.")
    if settings.log_level not in LOG_LEVELS:
        raise NotConfigured(f"STAMKUNDE_LOG_LEVEL is one of {', '.join(LOG_LEVELS)}.")
    if settings.trusted_proxies < 0:
        raise NotConfigured("STAMKUNDE_TRUSTED_PROXIES is a number of proxies, 0 or more.")
    if settings.most_body_bytes < 1:
        raise NotConfigured("STAMKUNDE_MOST_BODY_BYTES is a number of bytes, 1 or more.")
    if settings.most_import_bytes < 1:
        raise NotConfigured("STAMKUNDE_MOST_IMPORT_BYTES is a number of bytes, 1 or more.")
    try:
        for key in settings.seal_keys:
            Fernet(key)
    except ValueError as error:
        raise NotConfigured(f"STAMKUNDE_SEAL_KEYS: {error}") from error


def _refuse_the_demo_in_production(settings: Settings) -> None:
    kept = _kept_secrets(settings.instance)
    ours = {value for value in kept.values() if value}
    used = {*settings.seal_keys, settings.hash_key, settings.session_key}
    if ours & (used | {settings.shopify_client_secret}):
        raise NotConfigured("Production must not use the secrets that the demo made.")
    if not settings.public_url.startswith("https://"):
        raise NotConfigured("STAMKUNDE_URL must begin with https:// in production.")
    if settings.shopify_origin != "https://{shop}":
        raise NotConfigured("STAMKUNDE_SHOPIFY_ORIGIN is for the demo shop only.")


def _refuse_open_secrets() -> None:
    """Refuse a file of a secret that everybody on the machine may read or change."""
    of_ours = [f"STAMKUNDE_{name.upper()}" for name in (*_SECRETS, "metrics_token")]
    for name in ("DATABASE_URL", *of_ours):
        path = os.environ.get(f"{name}_FILE")
        if path and Path(path).stat().st_mode & S_IRWXO:
            raise NotConfigured(f"{name}_FILE is open to everybody: take that away (chmod o=).")


def _refuse_to_be_overheard(settings: Settings) -> None:
    """Refuse a database on another machine that need not prove who it is.

    What the address leaves out, the driver takes from PGHOST and PGSSLMODE.
    """
    try:
        address = urlsplit(settings.database_url)
    except ValueError:
        # Not with its cause, which repeats the address and the password in it.
        raise NotConfigured("DATABASE_URL cannot be read as an address.") from None
    if settings.plain_database or not address.scheme.startswith("postgres"):
        return
    asked = parse_qs(address.query)
    also = [one for name in ("host", "hostaddr") for one in asked.get(name, ())]
    named = [one for one in (address.netloc.rpartition("@")[2], *also) if one]
    hosts = ",".join(named or [os.environ.get("PGHOST", "")]).split(",")
    modes = set(asked.get("sslmode", [os.environ.get("PGSSLMODE", "")]))
    if modes != {"verify-full"} and not all(map(_is_here, hosts)):
        raise NotConfigured(
            "DATABASE_URL names another machine and not sslmode=verify-full: whoever is on the way"
            " could listen. STAMKUNDE_PLAIN_DATABASE=1 says that the network is sealed itself."
        )


def _is_here(host: str) -> bool:
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name in ("", "localhost", "[::1]") or name.startswith(("/", "%2F", "127."))


def _kept_secrets(instance: Path) -> dict[str, str]:
    path = instance / "secrets.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _made_secrets(instance: Path) -> dict[str, str]:
    """The secrets in the instance folder, made when this is the first start."""
    kept = _kept_secrets(instance)
    if kept:
        return kept
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = {
        "seal_keys": Fernet.generate_key().decode(),
        "hash_key": secrets.token_urlsafe(32),
        "session_key": secrets.token_urlsafe(32),
        "shopify_client_secret": secrets.token_hex(32),
    }
    path = instance / "secrets.json"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Another process of the same start was faster; its secrets are the ones.
        return _kept_secrets(instance)
    with os.fdopen(handle, "w") as file:
        json.dump(made, file)
    return made
