"""Orders in the back office: refund, cancel, pay, send."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from demoshop.records.order import orders
from demoshop.selling.cancel import cancel
from demoshop.selling.fulfill import fulfill
from demoshop.selling.pay import pay
from demoshop.selling.refund import refund, refund_rest
from demoshop.selling.refusals import Refused
from demoshop.web.find import order_named
from demoshop.web.here import machine, now

bp = Blueprint("admin_orders", __name__, url_prefix="/admin/orders")


@bp.get("")
def show_all() -> ResponseReturnValue:
    """Every order."""
    with machine().transaction() as db:
        return render_template("admin/orders.html", orders=orders(db))


@bp.get("/<int:number>")
def show(number: int) -> ResponseReturnValue:
    """One order and what can be done with it."""
    with machine().transaction() as db:
        return render_template("admin/order.html", order=order_named(db, number))


@bp.post("/<int:number>/<deed>")
def change(number: int, deed: str) -> ResponseReturnValue:
    """Do something with an order; a refusal is shown and changes nothing."""
    try:
        with machine().transaction() as db:
            order = order_named(db, number)
            at = now()
            match deed:
                case "refund":
                    shipping = bool(request.form.get("shipping"))
                    refund(db, order, _quantities(), shipping=shipping, at=at)
                case "refund-rest":
                    refund_rest(db, order, at=at)
                case "cancel":
                    cancel(db, order, at=at)
                case "pay":
                    pay(db, order, at=at)
                case "fulfill":
                    fulfill(db, order, at=at)
                case _:
                    raise Refused("unknown_deed", "That cannot be done with an order.")
    except Refused as refusal:
        flash(refusal.message)
    return redirect(f"/admin/orders/{number}")


def _quantities() -> dict[int, int]:
    """The lines and quantities of the refund form."""
    wanted = {
        int(name.removeprefix("line-")): int(value)
        for name, value in request.form.items()
        if name.startswith("line-") and name[5:].isdigit() and value.isdigit()
    }
    return {line: quantity for line, quantity in wanted.items() if quantity}
