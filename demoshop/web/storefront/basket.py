"""The basket, kept in the visitor's cookie until it becomes an order."""

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from demoshop.products import BY_HANDLE
from demoshop.selling.price import BasketLine
from demoshop.web.find import product_named
from demoshop.web.here import local_path
from demoshop.web.storefront.words import goods_of

bp = Blueprint("basket", __name__)

MOST = 99
MOST_CODES = 5


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
    lines = basket_lines()
    return render_template(
        "storefront/basket.html",
        lines=lines,
        goods=[goods_of(line.product, line.quantity, line.gross_minor) for line in lines],
        codes=kept_codes(),
    )


@bp.get("/discount/<code>")
def apply_code(code: str) -> ResponseReturnValue:
    """A link that has a code tried at the checkout, as platforms let shops share one."""
    keep_code(code)
    return redirect(local_path(request.args.get("redirect"), "/"))


def kept_codes() -> list[str]:
    """The codes that this visit wants to use."""
    kept: list[str] = session.get("codes", [])
    return kept


def keep_code(code: str) -> None:
    """Use one more code, the newest last."""
    code = code.strip()[:255]
    if code:
        others = [kept for kept in kept_codes() if kept.lower() != code.lower()]
        session["codes"] = [*others, code][-MOST_CODES:]


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
