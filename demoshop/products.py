"""What Nordlys Keramik sells.

The goods never change, so they are code and not rows; a title and a line about each, in every
language of the storefront, lie in texts/products.json.
"""

import json
from dataclasses import dataclass
from pathlib import Path

TEXTS: dict[str, dict[str, dict[str, str]]] = json.loads(
    (Path(__file__).parent / "texts" / "products.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Product:
    """Something on the shelf. The handle also names its picture."""

    handle: str
    id: int
    sku: str
    vendor: str
    price_minor: int
    kind: str = "ceramics"

    @property
    def variant_id(self) -> int:
        """Every product has one variant."""
        return self.id + 36_000_000_000

    @property
    def gift_card(self) -> bool:
        """Money in another form: it bears no tax, no discount and no shipping."""
        return self.kind == "gift_card"

    def title(self, locale: str = "en") -> str:
        """Its name."""
        return TEXTS[self.handle].get(locale, TEXTS[self.handle]["en"])["title"]

    def about(self, locale: str = "en") -> str:
        """A line about it."""
        return TEXTS[self.handle].get(locale, TEXTS[self.handle]["en"])["about"]


PRODUCTS = (
    Product("fjord-cup", 8_410_000_001, "NK-CUP-01", "Nordlys Keramik", 149_00),
    Product("dawn-bowl", 8_410_000_002, "NK-BOWL-02", "Nordlys Keramik", 229_00),
    Product("moss-vase", 8_410_000_003, "NK-VASE-03", "Nordlys Keramik", 495_00),
    Product("tide-plate", 8_410_000_004, "NK-PLATE-04", "Nordlys Keramik", 189_95),
    Product("winter-teapot", 8_410_000_005, "NK-POT-05", "Atelier Birk", 745_00),
    Product("ember-light", 8_410_000_006, "NK-LIGHT-06", "Atelier Birk", 99_50),
    Product("heather-throw", 8_410_000_007, "UV-THROW-01", "Ulvang Uld", 1_195_00, "wool"),
    Product("gift-card", 8_410_000_008, "NK-GIFT-500", "Nordlys Keramik", 500_00, "gift_card"),
)
BY_HANDLE = {product.handle: product for product in PRODUCTS}


def find(name: str) -> Product | None:
    """The product of a handle, SKU or id."""
    wanted = str(name)
    return next((p for p in PRODUCTS if wanted in (p.handle, p.sku, str(p.id))), None)
