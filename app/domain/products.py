"""Some of a shop's products, by the marks that orders and the platform's catalog give them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.errors import InvalidProgram
from app.domain.order import Line
from app.domain.sentence import Sentence as _


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What the catalog says of a product beyond what stands on an order's line."""

    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    category: str = ""


def with_facts(lines: Iterable[Line], known: Mapping[str, ProductFacts]) -> tuple[Line, ...]:
    """Lines with what the catalog says of their products; lines of other things as they are."""
    return tuple(
        replace(line, tags=facts.tags, collections=facts.collections, category=facts.category)
        if (facts := known.get(line.product_id)) is not None
        else line
        for line in lines
    )


@dataclass(frozen=True, slots=True)
class Products:
    """Some of the products: a line belongs to them when any of its marks is named here.

    Collections are named by the platform's id or by their handle.
    """

    product_ids: frozenset[str] = frozenset()
    skus: frozenset[str] = frozenset()
    vendors: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.product_ids or self.skus or self.vendors or self.tags or self.collections)

    @property
    def needs_catalog(self) -> bool:
        """Whether an order's line alone cannot tell."""
        return bool(self.tags or self.collections)

    def has(self, line: Line) -> bool:
        """Whether a line is one of them."""
        return (
            line.product_id in self.product_ids
            or line.sku in self.skus
            or line.vendor in self.vendors
            or not self.tags.isdisjoint(line.tags)
            or not self.collections.isdisjoint(line.collections)
        )


EVERY_PRODUCT = Products()
"""Named nowhere, so nothing is left out: what a rule is for by default."""
NO_PRODUCT = Products()
"""Named nowhere, so nothing is taken out: what a rule excludes by default."""


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A weight on the basis of some products, in percent; 0 takes them out."""

    products: Products
    percent: int

    def __post_init__(self) -> None:
        if self.percent < 0:
            raise InvalidProgram(
                _("A multiplier cannot be {percent} percent.").format(percent=self.percent)
            )
