"""The home page and the product pages."""

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from demoshop.products import BY_HANDLE, PRODUCTS
from demoshop.records.review import MOST_LETTERS, MOST_STARS, reviews_of
from demoshop.web.here import local_path, logged_in_id, machine
from demoshop.web.storefront.words import LANGUAGES

bp = Blueprint("shelves", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Everything there is."""
    return render_template("storefront/home.html", products=PRODUCTS)


@bp.get("/products/<handle>")
def product(handle: str) -> ResponseReturnValue:
    """One product with its reviews, and four others."""
    if handle not in BY_HANDLE:
        raise NotFound("We do not make this any more.")
    chosen = BY_HANDLE[handle]
    others = [other for other in PRODUCTS if other is not chosen][:4]
    with machine().transaction() as db:
        reviews = reviews_of(db, handle)
    return render_template(
        "storefront/product.html",
        product=chosen,
        others=others,
        reviews=reviews,
        mine=next((one for one in reviews if one.customer_id == logged_in_id()), None),
        most_stars=MOST_STARS,
        most_letters=MOST_LETTERS,
    )


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    """Speak another language from now on."""
    if request.form.get("language") in LANGUAGES:
        session["language"] = request.form["language"]
    return redirect(local_path(request.form.get("next"), "/"))


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The shop is open."""
    return {"ok": True}
