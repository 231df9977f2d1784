"""The `stamkunde` command: its parts, and how every one of them says what is wrong."""

import gc
from importlib import import_module
from typing import Any

import click

from app.cli.say import Complaint
from app.config import NotConfigured
from app.domain.errors import Refusal

PARTS = {
    "demo": "app.cli.demo",
    "tour": "app.cli.tour",
    "web": "app.cli.web",
    "worker": "app.cli.worker",
    "db": "app.cli.db",
    "doctor": "app.cli.doctor",
    "verify": "app.cli.verify",
    "rebuild": "app.cli.rebuild",
    "explain": "app.cli.explain",
    "backup": "app.cli.backup",
    "restore": "app.cli.restore",
    "export": "app.cli.export",
    "import": "app.cli.bring",
    "keys": "app.cli.keys",
    "replay": "app.cli.replay",
    "reconcile": "app.cli.reconcile",
    "privacy": "app.cli.privacy",
    "program": "app.cli.program",
    "simulate": "app.cli.simulate",
    "manifest": "app.cli.manifest",
}


class Commands(click.Group):
    """Loads a command when it is asked for, so that none waits for the imports of another."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which a newcomer meets them."""
        del ctx
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None when there is none."""
        del ctx
        if cmd_name not in PARTS:
            return None
        # Importing leaves no garbage, and looking for some would take an eighth of the time.
        gc.disable()
        command: click.Command = import_module(PARTS[cmd_name]).command
        gc.enable()
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what can be expected to be wrong becomes one sentence."""
        try:
            return super().invoke(ctx)
        except NotConfigured as error:
            raise Complaint(str(error)) from error
        except Refusal as error:
            raise Complaint(error.message) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="stamkunde")
def main() -> None:
    """Points, tiers and rewards for the customers who come back."""
