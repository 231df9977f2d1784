"""Settings: what belongs to the shop and not to its program, each on a page of its own."""

from dataclasses import dataclass

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.web.admin.blueprint import bp


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the settings: by which name the web knows it, what it is called, what it is for."""

    endpoint: str
    title: str
    summary: str


PLACES = (
    Place("look", _("Look and feel"), _("The color, corner, sign and words of the widget.")),
    Place("languages", _("Languages"), _("Who reads which, and what is still to be translated.")),
    Place("team", _("Team"), _("Who has used Stamkunde in your shop, and when.")),
    Place("keys", _("Keys"), _("Which other tools may tell us deeds and read members.")),
    Place("audit", _("Audit log"), _("Who changed what and when; nobody can rewrite it.")),
    Place(
        "privacy", _("Privacy requests"), _("Customers who ask for their data, or to be erased.")
    ),
    Place("imports", _("Import"), _("Members, points and tiers from another program, as a file.")),
    Place("exports", _("Export everything"), _("All that we hold of your shop, in one file.")),
    Place("pausing", _("Pause the program"), _("Nobody earns or spends until you resume.")),
)


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """Show where each setting is."""
    return render_template("admin/settings.html", places=places())


@bp.app_template_global("settings_places")
def places() -> list[Place]:
    """The pages of the settings that there are."""
    there = current_app.view_functions
    return [place for place in PLACES if f"admin.{place.endpoint}" in there]
