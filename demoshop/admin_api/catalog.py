"""Reading the catalog."""

from typing import Any

from graphql import GraphQLResolveInfo

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.pages import connection
from demoshop.admin_api.words import gid, number_in
from demoshop.products import CATEGORIES, PRODUCTS, Collection, Product


def product(info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002
    """One product."""
    caller: Caller = info.context
    caller.needs("read_products", "product")
    number = number_in("Product", id)
    found = next((one for one in PRODUCTS if one.id == number), None)
    return product_node(found) if found else None


def product_node(found: Product) -> dict[str, Any]:
    """A Product."""

    def collections(_info: Any, **args: Any) -> dict[str, Any]:
        return connection(found.collections, lambda one: (one.id, one.id), collection_node, args)

    return {
        "__typename": "Product",
        "id": gid("Product", found.id),
        "handle": found.handle,
        "title": found.title(),
        "vendor": found.vendor,
        "legacyResourceId": found.id,
        "isGiftCard": found.gift_card,
        "productType": found.kind,
        "tags": list(found.tags),
        "category": _category_node(found.kind),
        "collections": collections,
    }


def _category_node(kind: str) -> dict[str, Any] | None:
    if kind not in CATEGORIES:
        return None
    path = CATEGORIES[kind]
    return {
        "__typename": "TaxonomyCategory",
        "id": f"gid://shopify/TaxonomyCategory/{kind}",
        "fullName": path,
        "name": path.rpartition(" > ")[2],
    }


def collection_node(shelf: Collection) -> dict[str, Any]:
    """A Collection."""
    return {
        "__typename": "Collection",
        "id": gid("Collection", shelf.id),
        "handle": shelf.handle,
        "title": shelf.title,
    }
