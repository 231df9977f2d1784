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
class Collection:
    """A shelf of its own in the shop."""

    id: int
    handle: str
    title: str


TABLEWARE = Collection(9_310_000_001, "tableware", "Tableware")
WINTER = Collection(9_310_000_002, "winter", "Winter evenings")
CATEGORIES = {
    "ceramics": "Home & Garden > Kitchen & Dining > Tableware",
    "wool": "Home & Garden > Linens & Bedding > Bedding > Blankets",
}
"""The platform's taxonomy, where the merchant has filled it in."""


@dataclass(frozen=True, slots=True)
class Product:
    """Something on the shelf. The handle also names its picture."""

    handle: str
    id: int
    sku: str
    vendor: str
    price_minor: int
    kind: str = "ceramics"
    tags: tuple[str, ...] = ()
    collections: tuple[Collection, ...] = ()

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


_HOUSE, _BIRK = "Nordlys Keramik", "Atelier Birk"
_TABLE, _COZY = (TABLEWARE,), (WINTER,)

PRODUCTS = (
    Product(
        "fjord-cup", 8_410_000_001, "NK-CUP-01", _HOUSE, 149_00, tags=("new",), collections=_TABLE
    ),
    Product("dawn-bowl", 8_410_000_002, "NK-BOWL-02", _HOUSE, 229_00, collections=_TABLE),
    Product("moss-vase", 8_410_000_003, "NK-VASE-03", _HOUSE, 495_00),
    Product("tide-plate", 8_410_000_004, "NK-PLATE-04", _HOUSE, 189_95, collections=_TABLE),
    Product("winter-teapot", 8_410_000_005, "NK-POT-05", _BIRK, 745_00, collections=_TABLE + _COZY),
    Product("ember-light", 8_410_000_006, "NK-LIGHT-06", _BIRK, 99_50, collections=_COZY),
    Product(
        "heather-throw",
        8_410_000_007,
        "UV-THROW-01",
        "Ulvang Uld",
        1_195_00,
        "wool",
        tags=("wool", "new"),
        collections=_COZY,
    ),
    Product("gift-card", 8_410_000_008, "NK-GIFT-500", _HOUSE, 500_00, "gift_card"),
)
BY_HANDLE = {product.handle: product for product in PRODUCTS}


def find(name: str) -> Product | None:
    """The product of a handle, SKU or id."""
    wanted = str(name)
    return next((p for p in PRODUCTS if wanted in (p.handle, p.sku, str(p.id))), None)
