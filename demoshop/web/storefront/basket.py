"""The basket, kept in the visitor's cookie until it becomes an order."""

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from demoshop.products import BY_HANDLE
from demoshop.selling.price import BasketLine
from demoshop.web.find import product_named

bp = Blueprint("basket", __name__)

MOST = 99


def basket_lines() -> list[BasketLine]:
    """What is in the basket."""
    kept: dict[str, int] = session.get("basket", {})
    return [
        BasketLine(BY_HANDLE[handle], quantity)
        for handle, quantity in kept.items()
        if handle in BY_HANDLE
    ]


@bp.get("/cart")
def show() -> ResponseReturnValue:
    """The basket."""
    return render_template("storefront/basket.html", lines=basket_lines())


@bp.post("/cart/add")
def add() -> ResponseReturnValue:
    """One more thing."""
    product = product_named(request.form.get("product", ""))
    kept: dict[str, int] = dict(session.get("basket", {}))
    kept[product.handle] = min(kept.get(product.handle, 0) + _quantity(1), MOST)
    session["basket"] = kept
    return redirect("/cart")


@bp.post("/cart/update")
def update() -> ResponseReturnValue:
    """Another quantity; none takes it out."""
    product = product_named(request.form.get("product", ""))
    kept: dict[str, int] = dict(session.get("basket", {}))
    quantity = 0 if "remove" in request.form else _quantity(0)
    if quantity:
        kept[product.handle] = quantity
    else:
        kept.pop(product.handle, None)
    session["basket"] = kept
    return redirect("/cart")


def _quantity(least: int) -> int:
    wanted = request.form.get("quantity", default=1, type=int) or 0
    return max(least, min(wanted, MOST))
