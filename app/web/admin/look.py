"""Look and feel: color, corner, sign and words of the widget, with a preview of the real one."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from app.domain.look import Corner, Icon, Look, Shade, dark_shade, light_shade
from app.domain.text import LOCALES
from app.loyalty.balance import Balance
from app.models.audit_entry import AuditKind
from app.models.base import new_id
from app.models.look import keep_look, look_of
from app.models.member import Member
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import language
from app.web.admin.look_words import choices_of
from app.web.admin.noting import noted
from app.web.admin.requests import asked, mistakes, tidied
from app.web.permissions import missing_for_balances
from app.web.storefront import views
from app.web.storefront.dress import look_view

MOST_TITLE, MOST_GUEST = 30, 160
SAMPLE_POINTS, SAMPLE_PENDING = 740, 20


class LookForm(Schema):
    """The color, corner and sign; the words are read beside it, a field for each language."""

    class Meta:
        """Words and the form's token are read by themselves."""

        unknown = EXCLUDE

    accent = fields.String(required=True, validate=validate.Regexp(r"#[0-9a-fA-F]{6}\Z"))
    corner = fields.Enum(Corner, by_value=True, required=True)
    icon = fields.Enum(Icon, required=True)


class PreviewAsked(Schema):
    """In which language and direction to show the widget."""

    class Meta:
        """Whatever else an address carries is not for us."""

        unknown = EXCLUDE

    preview = fields.String(load_default="en", validate=validate.OneOf(LOCALES))
    direction = fields.String(load_default="ltr", validate=validate.OneOf(["ltr", "rtl"]))


@bp.get("/look")
def look() -> ResponseReturnValue:
    """Show the look, and the widget that wears it."""
    wanted = asked(PreviewAsked, request.args)
    with parts.database().reading() as session:
        chosen = look_of(this_shop(session)) or Look()
    return _page(chosen, wanted)


@bp.post("/look")
def save_look() -> ResponseReturnValue:
    """Wear another look from now on."""
    sent = {name: tidied(value) for name, value in request.form.items()}
    try:
        loaded = LookForm().load(sent) | _words(sent)
    except ValidationError as error:
        with parts.database().reading() as session:
            kept = look_of(this_shop(session)) or Look()
        return _page(_as_typed(kept, sent), PreviewAsked().load({}), mistakes(error)), 422
    chosen = _look(loaded)
    with parts.database().transaction() as session:
        shop = this_shop(session)
        changed = _differences(look_of(shop) or Look(), chosen)
        keep_look(shop, chosen)
        if changed:
            noted(session, shop, AuditKind.LOOK, changes=changed)
    flash(_("Saved. Shoppers see it from their next page on."), "success")
    return redirect(url_for("admin.look"), 303)


def _differences(before: Look, after: Look) -> dict[str, tuple[str, str]]:
    """What of the look is another one now, from what to what."""
    pairs = {
        "accent": (before.accent, after.accent),
        "corner": (before.corner.value, after.corner.value),
        "icon": (before.icon.name, after.icon.name),
    }
    for name, old, new in (
        ("title", before.title, after.title),
        ("guest", before.guest, after.guest),
    ):
        pairs |= {f"{name}-{one}": (old.get(one, ""), new.get(one, "")) for one in LOCALES}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _look(loaded: dict[str, Any]) -> Look:
    return Look(**loaded | {"accent": loaded["accent"].lower()})


def _as_typed(kept: Look, sent: dict[str, str]) -> Look:
    """What was typed, to be mended: all of the words, and the rest where it can be understood."""
    wrong = LookForm().validate(sent)
    right = {name: sent[name] for name in LookForm().fields if name not in wrong}
    typed = {"accent": kept.accent, "corner": kept.corner.value, "icon": kept.icon.name} | right
    return _look(LookForm().load(typed) | _typed_words(sent))


@bp.get("/look/preview/me")
def preview_me() -> ResponseReturnValue:
    """What the widget would be told of a member who has bought a little; nobody real."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        seen = _sample(session, shop)
        if seen is None:
            return jsonify(views.nothing_view(shop))
        return jsonify(views.whole_view(seen) | {"live": True, "look": look_view(shop)})


def _sample(session: Session, shop: Shop) -> views.Visit | None:
    """A visit by somebody made up; None until there is a program."""
    revision = current(session, shop)
    if revision is None:
        return None
    somebody = Member(
        shop_id=shop.id,
        id=new_id(),
        customer_id="preview",
        available=SAMPLE_POINTS,
        pending=SAMPLE_PENDING,
        tier=None,
    )
    return views.Visit(
        session=session,
        shop=shop,
        programs=revision.programs,
        program=revision.program,
        customer_id="preview",
        member=somebody,
        held=Balance(SAMPLE_POINTS, None),
        at=parts.now(),
    )


def _words(sent: dict[str, str]) -> dict[str, dict[str, str]]:
    """The merchant's own words by language. Raises ValidationError for what is too long."""
    words = _typed_words(sent)
    wrong = {
        f"{name}-{locale}": [_("Write at most %(most)s characters.", most=most)]
        for name, most in (("title", MOST_TITLE), ("guest", MOST_GUEST))
        for locale, text in words[name].items()
        if len(text) > most
    }
    if wrong:
        raise ValidationError(wrong)
    return words


def _typed_words(sent: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        name: {locale: text for locale in LOCALES if (text := sent.get(f"{name}-{locale}", ""))}
        for name in ("title", "guest")
    }


def _page(look: Look, wanted: dict[str, Any], errors: dict[str, Any] | None = None) -> str:
    return render_template(
        "admin/look.html",
        look=look,
        wanted=wanted,
        errors={name: found[0] for name, found in (errors or {}).items()},
        changes=_changes(look),
        corners=choices_of("corner"),
        icons=choices_of("icon"),
        here=language().language,
        scopes=_scopes_for_balances(),
    )


def _scopes_for_balances() -> str:
    """What the merchant could still allow, for the theme to print balances by itself."""
    with parts.database().reading() as session:
        return ",".join(missing_for_balances(session, this_shop(session)))


def _changes(look: Look) -> list[tuple[str, str]]:
    """Each shade, how it reads, and what of the color was changed so that it can be seen."""
    return [
        (shade.accent, _change(shade, look.accent, surface))
        for shade, surface in (
            (light_shade(look), _("On light pages")),
            (dark_shade(look), _("On dark pages")),
        )
    ]


def _change(shade: Shade, wanted: str, surface: str) -> str:
    facts = {
        "surface": surface,
        "color": shade.accent,
        "contrast": _ratio(shade.contrast),
        "text": _ratio(shade.text_contrast),
    }
    if shade.accent == wanted:
        return _(
            "%(surface)s: %(color)s is used as it is. It stands out %(contrast)s to 1, and the text"
            " on it %(text)s to 1.",
            **facts,
        )
    return _(
        "%(surface)s: your color would stand out only %(before)s to 1, so %(color)s is used. It"
        " stands out %(contrast)s to 1, and the text on it %(text)s to 1.",
        before=_ratio(shade.wanted_contrast),
        **facts,
    )


def _ratio(contrast: float) -> str:
    """A contrast as people of this language write a number with one place: 7,5 in Danish."""
    return format_decimal(round(contrast, 1), format="0.0")
