"""What the catalog says of a product: the marks that rules may ask for."""

from app.domain.products import ProductFacts
from app.platforms.shopify.answers import nodes, part
from app.platforms.shopify.client import Client
from app.platforms.shopify.ids import gid, plain
from app.platforms.shopify.queries import query

_PRODUCT = query("product", "Product")


def product(client: Client, product_id: str) -> ProductFacts | None:
    """A product's tags, its first fifty collections (by id and by handle), and its category.

    The category is Shopify's own taxonomy where the merchant filled it in, else the product type.
    None when Shopify does not have the product.
    """
    data = client.ask(_PRODUCT, id=gid("Product", product_id))
    if data.get("product") is None:
        return None
    node = part(data, "product")
    category = node.get("category") or {}
    collections = nodes(part(node, "collections"))
    names = [plain(one.get("id")) for one in collections]
    names += [str(one.get("handle") or "") for one in collections]
    return ProductFacts(
        tags=tuple(str(tag) for tag in node.get("tags") or ()),
        collections=tuple(sorted({name for name in names if name})),
        category=str(category.get("fullName") or node.get("productType") or ""),
    )
