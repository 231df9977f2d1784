"""The merchant's admin: one blueprint, which only a signed-in merchant gets to."""

from flask import Blueprint

from app.web.admin import asking, formats

bp = Blueprint("admin", __name__, url_prefix="/admin")

for shown in (formats.money, formats.number, formats.points, formats.moment, formats.day):
    bp.add_app_template_filter(shown)
bp.add_app_template_filter(formats.since)
bp.add_app_template_filter(formats.ago)
bp.add_app_template_filter(asking.author_name)
