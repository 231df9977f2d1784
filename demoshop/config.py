"""What the demo shop is told by its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "DEMOSHOP_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the shop lives, which app it offers, and how fast its retry clock runs."""

    port: int = 5001
    host: str = "127.0.0.1"
    data: Path = Path("instance/demoshop.sqlite3")
    domain: str = "nordlys.myshopify.com"
    app_url: str = "http://127.0.0.1:8000"
    client_id: str = "stamkunde-demo"
    client_secret: str = ""
    scopes: str = ""
    """What the app's configuration asks for, when it is installed from inside the admin."""
    clock: float = 60.0

    @property
    def app_origin(self) -> str:
        """Scheme, host and port of the app: the only place we ever send a browser to."""
        parts = urlsplit(self.app_url)
        return f"{parts.scheme}://{parts.netloc}"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """The settings the environment asks for, each with its default; none in production."""
    if environment.get("STAMKUNDE_ENV") == "production":
        raise SystemExit("The demo shop is not for production.")
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value
    }
    default = Settings()
    if not given.get("client_secret"):
        raise SystemExit("DEMOSHOP_CLIENT_SECRET is missing: the shop and the app share it.")
    return Settings(
        port=int(given.get("port", default.port)),
        host=given.get("host", default.host),
        data=Path(given.get("data", default.data)),
        domain=given.get("domain", default.domain),
        app_url=given.get("app_url", default.app_url).rstrip("/"),
        client_id=given.get("client_id", default.client_id),
        client_secret=given.get("client_secret", default.client_secret),
        scopes=given.get("scopes", default.scopes),
        clock=max(float(given.get("clock", default.clock)), 0.001),
    )
