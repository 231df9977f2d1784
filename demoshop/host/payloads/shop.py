"""The shop itself, as webhooks describe it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from demoshop.money import CURRENCY

SHOP_ID = 68_120_040_001
SHOP_NAME = "Nordlys Keramik"
TIME_ZONE = "Europe/Copenhagen"
ZONE = ZoneInfo(TIME_ZONE)


def shop_body(domain: str, at: datetime) -> dict[str, Any]:
    """A shop, for shop/update and app/uninstalled."""
    return {
        "id": SHOP_ID,
        "name": SHOP_NAME,
        "email": "hej@nordlys.example",
        "domain": domain,
        "myshopify_domain": domain,
        "address1": "Havnegade 7",
        "zip": "1058",
        "city": "København K",
        "province": None,
        "country": "DK",
        "country_code": "DK",
        "country_name": "Denmark",
        "phone": None,
        "primary_locale": "da",
        "created_at": "2019-03-01T09:00:00+01:00",
        "updated_at": stamp(at),
        "currency": CURRENCY,
        "customer_email": "hej@nordlys.example",
        "timezone": "(GMT+01:00) Europe/Copenhagen",
        "iana_timezone": TIME_ZONE,
        "shop_owner": "Signe Nordlys",
        "money_format": "{{amount_with_comma_separator}} kr.",
        "money_with_currency_format": "{{amount_with_comma_separator}} DKK",
        "weight_unit": "kg",
        "taxes_included": True,
        "tax_shipping": True,
        "plan_display_name": "Basic",
        "plan_name": "basic",
        "has_discounts": True,
        "has_gift_cards": True,
        "password_enabled": False,
        "has_storefront": True,
        "finances": True,
        "setup_required": False,
        "enabled_presentment_currencies": [CURRENCY],
    }


def stamp(at: datetime) -> str:
    """A moment as webhook bodies write it: the shop's own time, to the second."""
    return at.astimezone(ZONE).isoformat(timespec="seconds")
