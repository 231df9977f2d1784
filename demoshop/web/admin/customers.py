"""Customers and codes in the back office."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from demoshop.host import persons
from demoshop.records.customer import customers
from demoshop.records.discount import Discount, discounts
from demoshop.records.gift import given_to
from demoshop.records.order import orders_of
from demoshop.selling.withdraw import withdraw
from demoshop.web.find import persona_named
from demoshop.web.here import machine, now

bp = Blueprint("admin_customers", __name__, url_prefix="/admin")


@bp.get("/customers")
def show() -> ResponseReturnValue:
    """The regulars, and what they may ask for."""
    with machine().transaction() as db:
        people = [(who, orders_of(db, who.id), given_to(db, who.id)) for who in customers(db)]
    return render_template("admin/customers.html", people=people)


@bp.post("/customers")
def create() -> ResponseReturnValue:
    """A new regular signs up."""
    with machine().transaction() as db:
        who = persons.welcome(db, request.form, at=now())
    flash(f"{who.name} signed up; customers/create is on its way.")
    return redirect("/admin/customers")


@bp.post("/customers/<handle>/privacy")
def ask(handle: str) -> ResponseReturnValue:
    """Ask the app for their data, or to forget them."""
    here = machine()
    topic = request.form.get("topic", "")
    if topic in persons.TOPICS:
        with here.transaction() as db:
            who = persona_named(db, handle)
            persons.ask(db, here.settings, topic, who, at=now())
        flash(f"{topic} is on its way for {who.name}.")
    return redirect("/admin/customers")


@bp.post("/customers/<handle>")
def change(handle: str) -> ResponseReturnValue:
    """Change their name."""
    with machine().transaction() as db:
        who = persona_named(db, handle)
        persons.change_customer(db, who, request.form, at=now())
    flash(f"{who.name} was changed; customers/update is on its way.")
    return redirect("/admin/customers")


@bp.post("/discounts/<int:discount_id>/delete")
def delete_discount(discount_id: int) -> ResponseReturnValue:
    """Delete a code by hand, as a merchant might."""
    with machine().transaction() as db:
        found = db.get(Discount, discount_id)
        if found is not None:
            withdraw(db, found, at=now())
    flash("The code is deleted; discounts/delete is on its way.")
    return redirect("/admin/discounts")


@bp.get("/discounts")
def show_discounts() -> ResponseReturnValue:
    """The codes the app has made."""
    with machine().transaction() as db:
        return render_template("admin/discounts.html", discounts=discounts(db), now=now())
