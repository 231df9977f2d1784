"""Writing a review of a product: one from each customer, which they may write anew."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from demoshop.products import Product
from demoshop.records.review import MOST_LETTERS, MOST_STARS, Review, review_by
from demoshop.records.setting import next_number
from demoshop.reviewing.tell import tell
from demoshop.web.find import product_named
from demoshop.web.here import logged_in_id, machine, now

bp = Blueprint("reviews", __name__)


@bp.post("/products/<handle>/reviews")
def write(handle: str) -> ResponseReturnValue:
    """Keep what somebody says of a product, and tell Stamkunde that they did."""
    product, customer_id = product_named(handle), logged_in_id()
    page = f"/products/{product.handle}"
    if customer_id is None:
        return redirect(f"/login?next={page}")
    stars = request.form.get("stars", type=int)
    text = request.form.get("text", "").strip()[:MOST_LETTERS]
    if stars is None or not 1 <= stars <= MOST_STARS or not text:
        raise BadRequest(f"A review has 1 to {MOST_STARS} stars and some words.")
    with machine().transaction() as db:
        review = _written(db, customer_id, product)
        review.stars, review.text = stars, text
    if not review.points:
        tell(machine(), review.id)
    return redirect(f"{page}#reviews")


def _written(db: Session, customer_id: int, product: Product) -> Review:
    """The customer's review of the product, begun if there is none."""
    review = review_by(db, customer_id, product.handle)
    if review is None:
        review = Review(
            id=next_number(db, "review", 4001),
            customer_id=customer_id,
            product=product.handle,
            created_at=now(),
            answer="",
        )
        db.add(review)
    return review
