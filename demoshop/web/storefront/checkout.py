"""The checkout: who, which codes, how to pay; then the thank-you page."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from demoshop.products import BY_HANDLE
from demoshop.selling.gifts import credit_left
from demoshop.selling.place import Terms, place
from demoshop.selling.price import Buyer, Quote, quote
from demoshop.web.find import order_named
from demoshop.web.here import logged_in, machine, now
from demoshop.web.storefront.basket import basket_lines, keep_code, kept_codes
from demoshop.web.storefront.words import goods_of, language

bp = Blueprint("checkout", __name__)

GUEST = "guest@example.com"
WAYS_TO_PAY = ("paid", "pending")
TEST = "test"
"""Paying as a merchant does who tries their own shop: the order is marked as a test."""


@bp.get("/checkout")
def show() -> ResponseReturnValue:
    """What it will cost, codes included."""
    if not basket_lines():
        return redirect("/cart")
    with machine().transaction() as db:
        priced = _priced(db, now())
        who = logged_in(db)
        credit = credit_left(db, who.id, at=now()) if who is not None else 0
    told = {
        "priced": priced,
        "codes": kept_codes(),
        "credit": credit,
        "uses_credit": _uses_credit(),
    }
    return render_template("storefront/checkout.html", **told)


@bp.post("/checkout/codes")
def add_code() -> ResponseReturnValue:
    """Try a code."""
    keep_code(request.form.get("code", ""))
    return redirect("/checkout")


@bp.post("/checkout/credit")
def use_credit() -> ResponseReturnValue:
    """Pay with store credit as far as it goes, or not."""
    session["credit"] = bool(request.form.get("use"))
    return redirect("/checkout")


@bp.post("/checkout/codes/remove")
def remove_code() -> ResponseReturnValue:
    """Do without a code."""
    code = request.form.get("code", "").lower()
    session["codes"] = [kept for kept in kept_codes() if kept.lower() != code]
    return redirect("/checkout")


@bp.post("/checkout")
def buy() -> ResponseReturnValue:
    """Buy what is in the basket."""
    at = now()
    way = request.form.get("payment", "paid")
    with machine().transaction() as db:
        buyer = _buyer(db)
        paid = way if way in WAYS_TO_PAY else "paid"
        terms = Terms(payment=paid, locale=language(), test=way == TEST)
        order = place(db, _priced(db, at), buyer, terms, at=at)
        name = order.number
    session.pop("basket", None)
    session.pop("codes", None)
    session.pop("credit", None)
    session["last_order"] = name
    return redirect(f"/thank-you/{name}")


@bp.get("/thank-you/<int:number>")
def thanks(number: int) -> ResponseReturnValue:
    """The order is in. Only whoever placed it last sees this page."""
    if session.get("last_order") != number:
        raise NotFound("This order is not yours to see.")
    with machine().transaction() as db:
        order = order_named(db, number)
    goods = [
        goods_of(BY_HANDLE[line.product], line.quantity, line.net_minor) for line in order.lines
    ]
    return render_template("storefront/thanks.html", order=order, goods_bought=goods)


def _buyer(db: Session) -> Buyer:
    who = logged_in(db)
    email = request.form.get("email", "").strip()[:200]
    return Buyer(who, who.email if who else email or GUEST)


def _uses_credit() -> bool:
    return bool(session.get("credit"))


def _priced(db: Session, at: datetime) -> Quote:
    buyer, credit = _buyer(db), _uses_credit()
    return quote(db, basket_lines(), kept_codes(), buyer, at=at, store_credit=credit)
