"""Logging in as one of the regulars, and what they then see of themselves."""

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from demoshop.host.installation import installed_scope
from demoshop.records.metafield import points_kept
from demoshop.records.order import orders_of
from demoshop.records.setting import setting
from demoshop.web.find import persona_named
from demoshop.web.here import local_path, logged_in_id, machine

bp = Blueprint("people", __name__)


@bp.get("/login")
def choose() -> ResponseReturnValue:
    """Who would you like to be?"""
    return render_template("storefront/login.html")


@bp.post("/login")
def login() -> ResponseReturnValue:
    """Be somebody."""
    with machine().transaction() as db:
        who = persona_named(db, request.form.get("persona", ""))
    session["customer_id"] = who.id
    return redirect(local_path(request.form.get("next"), "/account"))


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Be nobody again."""
    session.pop("customer_id", None)
    return redirect(local_path(request.form.get("next"), "/"))


@bp.get("/account")
def account() -> ResponseReturnValue:
    """My orders, and what the theme's block prints of my points without asking the app."""
    customer_id = logged_in_id()
    if customer_id is None:
        return redirect("/login")
    with machine().transaction() as db:
        mine = orders_of(db, customer_id)
        prints = installed_scope(db) is not None and setting(db, "app_embed", default=False)
        balance = points_kept(db, customer_id) if prints else None
    return render_template("storefront/account.html", orders=mine, balance=balance)
