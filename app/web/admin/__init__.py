"""The merchant's admin: home, members, the program, deliveries."""

from app.web.admin import (
    analytics,
    deliveries,
    fulfilling,
    home,
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
)
"""Importing them gives the blueprint its routes."""

__all__ = ["PAGES", "bp"]
