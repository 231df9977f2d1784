"""`stamkunde manifest`: whether the manifest and the code agree, and the platforms' own files."""

from pathlib import Path

import click

from app.cli.say import Complaint, done
from app.manifest.check import problems, routes_of
from app.manifest.document import SHOPIFY_TOML, load_manifest
from app.manifest.operations import scopes_of_operations
from app.manifest.shopify_toml import shopify_toml
from app.platforms.shopify.webhooks import PRIVACY_TOPICS, TOPICS
from app.web import create_app
from app.web.storefront.script import widget_script

ASSET = SHOPIFY_TOML.parent / "extensions" / "stamkunde" / "assets" / "stamkunde.js"
"""The widget in the theme app extension: made when it is deployed, so that it cannot be stale."""


@click.group("manifest")
def command() -> None:
    """Check and export plugin_manifest.json."""


@command.command()
def check() -> None:
    """Say where manifest, routes, topics, scopes and generated files differ."""
    manifest = load_manifest()
    found = problems(
        manifest,
        routes=routes_of(create_app().url_map.iter_rules()),
        topics={*TOPICS, *PRIVACY_TOPICS},
        operations_scopes=scopes_of_operations(),
    )
    if SHOPIFY_TOML.read_text(encoding="utf-8") != shopify_toml(manifest):
        found.append(f"{SHOPIFY_TOML.name} is stale: run `stamkunde manifest export --write`.")
    if found:
        raise Complaint("\n".join(found))
    done("The manifest says what the code does.")


@command.command()
@click.option("--to", "platform", type=click.Choice(["shopify"]), default="shopify")
@click.option("--write", is_flag=True, help="Write the platform's files instead of printing one.")
def export(platform: str, write: bool) -> None:
    """Generate a platform's own file from the manifest."""
    text = shopify_toml(load_manifest())
    if write:
        SHOPIFY_TOML.write_text(text, encoding="utf-8")
        write_asset(ASSET)
        done(f"{SHOPIFY_TOML.name} is written for {platform}, and the widget beside its theme.")
    else:
        click.echo(text, nl=False)


def write_asset(path: Path) -> None:
    """Put the widget, as we serve it, where the platform's own server takes it from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(widget_script(), encoding="utf-8")
