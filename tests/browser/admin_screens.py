"""Every screen of the admin by its address, and what has to have happened for each to show it."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.imports.lines import Reading
from app.loyalty.privacy import note_request
from app.loyalty.publish import publish
from app.loyalty.steer_import import open_import, read_as
from app.models.kept_report import ask_for_report, draft_period
from app.models.privacy_request import PrivacyKind, request_of
from app.models.program import Programs
from app.models.program_document import program_document
from app.models.shop import Shop
from app.vault import Vault
from tests.web.conftest import some_settings

PAGES = (
    "/admin/",
    "/admin/live",
    "/admin/members",
    "/admin/members?stage=lost",
    "/admin/members/{member}",
    "/admin/program",
    "/admin/program/text",
    "/admin/program/text?revision=2",
    "/admin/program/drafts/{draft}",
    "/admin/program/revisions/1",
    "/admin/program/revisions/2",
    "/admin/look",
    "/admin/look?preview=de&direction=rtl",
    "/admin/rewards",
    "/admin/rewards?state=failed",
    "/admin/analytics",
    "/admin/deliveries",
    "/admin/deliveries?kind=tasks",
    "/admin/deliveries?state=done",
    "/admin/comparisons",
    "/admin/privacy",
    "/admin/privacy/{request}/letter",
    "/admin/imports",
    "/admin/imports/{mapping}",
    "/admin/imports/{compared}",
    "/admin/exports",
    "/admin/settings",
    "/admin/settings/audit",
    "/admin/settings/audit?topic=files",
    "/admin/settings/keys",
    "/admin/settings/languages",
    "/admin/settings/team",
    "/admin/settings/pause",
)
NO_PAGES = {
    "/admin/session",
    "/admin/settings/audit.csv",
    "/admin/members/<uuid:member_id>/data",
    "/admin/program/revisions/<int:number>/document",
    "/admin/look/preview/me",
    "/admin/analytics/<name>.csv",
    "/admin/permission",
    "/admin/privacy/<uuid:request_id>/data",
    "/admin/exports/<uuid:file_id>/file",
    "/admin/imports/<uuid:import_id>/differences",
}
"""Addresses that answer with a file, with data for a script, or with the way to the platform."""

TABLE = """\
E-mail;Kunde-id;Point;Udløber;Niveau
anna@example.dk;7;"1.200";31-12-2027;
bo@example.dk;;50;;Guld
bo@example.dk;;60;;
;;7;;
"""


def ids_for_pages(office):
    """Bring a file twice, have one of them compared, and let a customer ask for their data.

    A change of the program is planned, too, and another one is weighed.

    Returns the names in the addresses, and what each stands for.
    """
    settings, at = some_settings(), datetime.now(UTC)
    vault = Vault(settings.seal_keys, settings.hash_key)
    with office.database.transaction() as session:
        shop = session.get_one(Shop, office.shop.id)
        brought = [_brought(session, shop, vault, at) for _ in range(2)]
        mapping, compared = brought
        read_as(session, shop.id, compared.id, Reading.of(compared.reading), "Club", at=at)
        plan = replace(Programs(session, shop.id).at(at), join_points=25, pos_earns=False)
        day = at + timedelta(days=30)
        publish(session, shop, plan, author="Anna", effective_at=day, at=at)
        asked = _a_draft(Programs(session, shop.id), at)
        draft = ask_for_report(session, shop.id, draft_period(asked), asked=asked, at=at)
        facts = {"customer_id": "7", "email_hash": None, "at": at}
        note_request(session, shop, delivery_id="p/1", kind=PrivacyKind.EXPORT, **facts)
        request = request_of(session, shop.id, "p/1")
    office.work()
    return {
        "member": office.member.id,
        "mapping": mapping.id,
        "compared": compared.id,
        "request": request.id,
        "draft": draft.id,
    }


def _a_draft(programs, at):
    """Twice the points, and Silver a little later: who gains, who loses, who moves."""
    program = programs.at(at)
    rules = [replace(rule, points=2 * rule.points) for rule in program.earning[:1]]
    first, second, *others = program.tiers.ladder
    later = replace(second, threshold=second.threshold * 5 // 4)
    ladder = replace(program.tiers, ladder=(first, later, *others))
    changed = replace(program, earning=(*rules, *program.earning[1:]), tiers=ladder)
    return {
        "program": program_document(changed),
        "based_on": programs.number_at(at),
        "view": "form",
        "when": "now",
        "from_day": "",
    }


def _brought(session, shop, vault, at):
    file = io.BytesIO(TABLE.encode())
    return open_import(session, shop, file, name="members.csv", seal=vault.seal, by="me", at=at)
