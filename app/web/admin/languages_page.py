"""Languages: who reads which, and what of the merchant's own words is still to be translated.

The words themselves stand where they are written: in the program, and in the look of the widget.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.look import Look
from app.domain.program import Program
from app.domain.text import LOCALES, Text
from app.models.look import look_of
from app.web import parts
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import language


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of the merchant's: what they name, where they are written, in which languages.

    `instead` is what is read where a language is missing.
    """

    what: str
    where: str
    locales: frozenset[str]
    instead: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """A language, and how much of the merchant's words is there in it."""

    locale: str
    said: str
    is_whole: bool


@bp.get("/settings/languages")
def languages() -> ResponseReturnValue:
    """Show which languages there are, and which words are missing in which."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        now = current(session, shop)
        if now is None:
            return render_template("admin/connecting.html")
        look = look_of(shop) or Look()
    wordings = [*_of_program(now.program), *_of_look(look)]
    return render_template(
        "admin/languages.html",
        wordings=wordings,
        coverage=[_coverage(locale, wordings) for locale in LOCALES],
    )


def _of_program(program: Program) -> Iterator[Wording]:
    here = language().language
    form = url_for("admin.program", _anchor=f"name-{here}")
    yield _named(_("Name of the program"), form, program.name)
    for place, tier in enumerate(program.tiers.ladder):
        form = url_for("admin.program", _anchor=f"tiers-{place}-name-{here}")
        yield _named(_("Tier %(tier)s", tier=tier.name.in_locale(here)), form, tier.name)
    for place, reward in enumerate(program.rewards):
        form = url_for("admin.program", _anchor=f"rewards-{place}-name-{here}")
        yield _named(_("Reward %(reward)s", reward=reward.name.in_locale(here)), form, reward.name)
    for place, action in enumerate(program.actions):
        if action.name is not None:
            form = url_for("admin.program", _anchor=f"deeds-{place}-name-{here}")
            yield _named(_("Deed %(deed)s", deed=action.name.in_locale(here)), form, action.name)
    for campaign in program.campaigns:
        named = _("Campaign %(campaign)s", campaign=campaign.name.in_locale(here))
        yield _named(named, url_for("admin.program_text"), campaign.name)


def _named(what: str, where: str, name: Text) -> Wording:
    return Wording(what, where, frozenset(dict(name.by_locale)), f"“{name}”")


def _of_look(look: Look) -> Iterator[Wording]:
    """Words in the place of ours, which are complete while there are none."""
    here = language().language
    for name, title, words in (
        ("title", _("Name of the launcher"), look.title),
        ("guest", _("What guests read"), look.guest),
    ):
        if words:
            where = url_for("admin.look", _anchor=f"{name}-{here}")
            yield Wording(title, where, frozenset(words), _("our own wording"))


def _coverage(locale: str, wordings: list[Wording]) -> Coverage:
    missing = sum(locale not in one.locales for one in wordings)
    if not missing:
        return Coverage(locale, _("All of your own words are there."), is_whole=True)
    said = ngettext(
        "%(num)s of your own texts is missing.", "%(num)s of your own texts are missing.", missing
    )
    return Coverage(locale, said, is_whole=False)
