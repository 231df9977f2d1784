"""`stamkunde manifest`: whether the manifest and the code agree, and the platforms' own files."""

import click

from app.cli.say import Complaint, done
from app.manifest.check import problems, routes_of
from app.manifest.document import SHOPIFY_TOML, load_manifest
from app.manifest.operations import scopes_of_operations
from app.manifest.shopify_toml import shopify_toml
from app.platforms.shopify.webhooks import PRIVACY_TOPICS, TOPICS
from app.web import create_app


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
@click.option("--write", is_flag=True, help="Write the platform's file instead of printing it.")
def export(platform: str, write: bool) -> None:
    """Generate a platform's own file from the manifest."""
    text = shopify_toml(load_manifest())
    if write:
        SHOPIFY_TOML.write_text(text, encoding="utf-8")
        done(f"{SHOPIFY_TOML.name} is written for {platform}.")
    else:
        click.echo(text, nl=False)
