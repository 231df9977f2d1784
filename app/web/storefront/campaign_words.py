"""Campaigns in plain words: what they give, and when."""

from datetime import date, datetime

from babel import Locale
from flask_babel import format_date, gettext

from app.domain.campaigns import Campaign
from app.domain.program import Program
from app.web.languages import locale_of_request
from app.web.storefront.plain_words import bonus, multiple
from app.web.storefront.wordings import money


def campaigns_now(program: Program, local: datetime) -> list[dict[str, str]]:
    """The campaigns that are on or ahead and open to everybody: name, what it gives, when."""
    shown = [
        campaign
        for campaign in program.campaigns
        if campaign.segment is None
        and (campaign.ends_on is None or campaign.ends_on >= local.date())
    ]
    return [
        {
            "name": campaign.name.in_locale(locale_of_request()),
            "gives": _campaign_gives(campaign, program),
            "when": _when(campaign),
        }
        for campaign in shown
    ]


def _campaign_gives(campaign: Campaign, program: Program) -> str:
    gives = [multiple(campaign.percent)] if campaign.percent != 100 else []
    if campaign.bonus_points:
        gives.append(bonus(campaign.bonus_points))
    text = " + ".join(gives)
    if campaign.products:
        text = gettext("%(way)s, on selected products", way=text)
    if campaign.minimum_minor:
        least = money(campaign.minimum_minor, program.currency)
        text = gettext("%(way)s, on orders from %(amount)s", way=text, amount=least)
    if campaign.tiers:
        tiers = [tier for tier in program.tiers.ladder if tier.code in campaign.tiers]
        names = ", ".join(tier.name.in_locale(locale_of_request()) for tier in tiers)
        text = gettext("%(way)s, for %(tiers)s", way=text, tiers=names)
    return text


def _when(campaign: Campaign) -> str:
    days = [_weekdays(campaign)] if campaign.weekdays else []
    first, last = _day(campaign.starts_on), _day(campaign.ends_on)
    if first and last:
        days.append(f"{first} – {last}")
    elif first:
        days.append(gettext("from %(day)s", day=first))
    elif last:
        days.append(gettext("until %(day)s", day=last))
    return ", ".join(days)


def _weekdays(campaign: Campaign) -> str:
    names = Locale.parse(locale_of_request()).days["stand-alone"]["wide"]
    return ", ".join(names[day] for day in sorted(campaign.weekdays))


def _day(day: date | None) -> str:
    return str(format_date(day, "medium")) if day is not None else ""
