"""Campaigns in plain words: what they give, and when."""

from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from flask_babel import format_date, gettext

from app.domain.campaigns import Campaign
from app.domain.program import Program
from app.domain.segments import History
from app.web.languages import locale_of_request
from app.web.storefront.plain_words import bonus, multiple
from app.web.storefront.wordings import money


def campaigns_now(
    program: Program, history: History | None, local: datetime
) -> list[dict[str, str]]:
    """The campaigns that are on or ahead and open to a shopper: name, what it gives, when.

    One for a segment is told to its members alone; without a history the shopper is a guest.
    """
    if program.paused:
        return []
    return [
        {
            "name": campaign.name.in_locale(locale_of_request()),
            "gives": _campaign_gives(campaign, program),
            "when": _when(campaign),
        }
        for campaign in program.campaigns
        if (campaign.ends_on is None or campaign.ends_on >= local.date())
        and _is_open(campaign, program, history, local)
    ]


def _is_open(
    campaign: Campaign, program: Program, history: History | None, local: datetime
) -> bool:
    if campaign.segment is None:
        return True
    segment = program.segment(campaign.segment)
    if segment is None or history is None:
        return False
    return segment.has(history, program.stages, at=local)


def campaign_sentence(campaign: Mapping[str, str]) -> str:
    """A campaign in one line: "Double weekend: 2 × the points (Saturday, Sunday)"."""
    said = ": ".join(filter(None, (campaign["name"], campaign["gives"])))
    return f"{said} ({campaign['when']})" if campaign["when"] else said


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
    if campaign.segment is not None:
        text = gettext("%(way)s, for you", way=text)
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
