"""The merchant's admin: home, members, the program, deliveries."""

from app.web.admin import (
    analytics,
    audit,
    comparing,
    deliveries,
    exports,
    fulfilling,
    going_live,
    home,
    import_rows,
    imports,
    languages_page,
    leaving,
    look,
    member_care,
    members,
    pausing,
    permission,
    privacy,
    profile,
    program_page,
    program_text,
    rewards,
    settings,
    team,
)
from app.web.admin.blueprint import bp

PAGES = (
    home,
    going_live,
    members,
    profile,
    member_care,
    fulfilling,
    program_page,
    program_text,
    rewards,
    analytics,
    look,
    languages_page,
    deliveries,
    comparing,
    permission,
    privacy,
    exports,
    imports,
    import_rows,
    settings,
    pausing,
    team,
    leaving,
    audit,
)
"""Importing them gives the blueprint its routes."""

__all__ = ["PAGES", "bp"]
