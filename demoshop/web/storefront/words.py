"""The storefront's five languages."""

import json
from pathlib import Path
from typing import Any

from flask import g, request, session

from demoshop.money import shown
from demoshop.products import Product
from demoshop.records.customer import customers
from demoshop.web.here import logged_in, machine
from demoshop.web.storefront.scripts import injected

LANGUAGES = {
    "en": "English",
    "da": "Dansk",
    "nb": "Norsk bokmål",
    "sv": "Svenska",
    "de": "Deutsch",
}
CATALOGS: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parents[2] / "texts" / "storefront.json").read_text(encoding="utf-8")
)


def language() -> str:
    """The language of this visit: chosen, else what the browser prefers, else English."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    wanted = [*LANGUAGES, "no", "nn"]
    best = request.accept_languages.best_match(wanted) or "en"
    return "nb" if best in ("no", "nn") else best


def say(key: str, **facts: str) -> str:
    """A text of the storefront."""
    return CATALOGS[language()][key].format(**facts)


def price(minor: int) -> str:
    """An amount in the language of this visit."""
    return shown(minor, language())


def goods_of(product: Product, quantity: int, total_minor: int) -> list[object]:
    """A product as a place for points reads it; ids are text, as they may outgrow a number."""
    marks = [product.sku, product.vendor, product.gift_card]
    return [str(product.id), quantity, total_minor, *marks]


def for_templates() -> dict[str, Any]:
    """What every storefront page has at hand; the back office needs none of it."""
    if request.path.startswith(("/admin", "/demo", "/apps")):
        return {}
    if "visit" not in g:
        with machine().transaction() as db:
            who, regulars = logged_in(db), customers(db)
            scripts = injected(db, machine().settings)
        lines = session.get("basket", {})
        g.visit = {
            "who": who,
            "personas": regulars,
            "scripts": scripts,
            "pieces": sum(lines.values()),
        }
    words = {
        "goods_of": goods_of,
        "say": say,
        "price": price,
        "language": language(),
        "languages": LANGUAGES,
    }
    return {**g.visit, **words}
