"""The merchant's admin: home, members, the program, deliveries."""

from app.web.admin import (
    analytics,
    deliveries,
    exports,
    fulfilling,
    home,
    import_rows,
    imports,
    look,
    members,
    permission,
    privacy,
    profile,
    program_page,
    program_text,
    rewards,
)
from app.web.admin.blueprint import bp

PAGES = (
    home,
    members,
    profile,
    fulfilling,
    program_page,
    program_text,
    rewards,
    analytics,
    look,
    deliveries,
    permission,
    privacy,
    exports,
    imports,
    import_rows,
)
"""Importing them gives the blueprint its routes."""

__all__ = ["PAGES", "bp"]
