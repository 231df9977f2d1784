"""What the platform's catalog says of products, kept so that an order need not wait for it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.products import ProductFacts
from app.models.among import among
from app.models.base import ID, Base, Document, ShopId


class Product(Base):
    """One product's marks, as they were when they were fetched."""

    __tablename__ = "product"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    product_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    marks: Mapped[Document]
    fetched_at: Mapped[datetime]

    @property
    def facts(self) -> ProductFacts:
        """The marks as the domain reads them."""
        return ProductFacts(
            tags=tuple(self.marks["tags"]),
            collections=tuple(self.marks["collections"]),
            category=self.marks["category"],
        )


def products_by_id(
    session: Session, shop_id: ShopId, product_ids: Collection[str]
) -> dict[str, Product]:
    """What is known of these products."""
    query = select(Product).where(
        Product.shop_id == shop_id, among(Product.product_id, product_ids)
    )
    return {product.product_id: product for product in session.scalars(query)}


def keep_product(
    session: Session, shop_id: ShopId, product_id: str, facts: ProductFacts, *, at: datetime
) -> None:
    """Note what the catalog says of a product now."""
    product = session.get(Product, (shop_id, product_id))
    if product is None:
        product = Product(shop_id=shop_id, product_id=product_id)
        session.add(product)
    product.marks = {
        "tags": list(facts.tags),
        "collections": list(facts.collections),
        "category": facts.category,
    }
    product.fetched_at = at
    session.flush()
