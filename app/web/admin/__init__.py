"""The merchant's admin: home, members, the program, deliveries."""

from app.web.admin import (
    analytics,
    deliveries,
    fulfilling,
    home,
    members,
    privacy,
    profile,
    program_page,
    program_text,
)
from app.web.admin.blueprint import bp

PAGES = (
    home,
    members,
    profile,
    fulfilling,
    program_page,
    program_text,
    analytics,
    deliveries,
    privacy,
)
"""Importing them gives the blueprint its routes."""

__all__ = ["PAGES", "bp"]
