"""Chaos on purpose, and the light that says whether the books survive it."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from demoshop.host.agreement import books, light
from demoshop.host.announce import hurry
from demoshop.host.chaos import Chaos, chaos, set_chaos
from demoshop.host.faults import FAULTS, Fault
from demoshop.records.webhook import webhook_counts
from demoshop.web.here import machine, now

bp = Blueprint("admin_weather", __name__, url_prefix="/admin")


@bp.get("/weather")
def show() -> ResponseReturnValue:
    """How bad it is."""
    with machine().transaction() as db:
        weather, counts = chaos(db), webhook_counts(db)
    line = machine().faults.as_dict()
    return render_template(
        "admin/weather.html", chaos=weather, counts=counts, faults=FAULTS, line=line
    )


@bp.post("/weather")
def change() -> ResponseReturnValue:
    """Make it worse, or better."""
    names = Chaos.__slots__
    wishes = {name: request.form[name] for name in names if request.form.get(name)}
    with machine().transaction() as db:
        try:
            set_chaos(db, wishes)
        except ValueError as error:
            flash(str(error))
        else:
            flash("The weather has changed.")
    return redirect("/admin/weather")


@bp.post("/weather/calm")
def calm() -> ResponseReturnValue:
    """Everything as it should be, and whatever waits leaves now."""
    with machine().transaction() as db:
        set_chaos(db, {name: 0 for name in Chaos.__slots__ if name != "seed"})
        hurry(db, at=now())
    machine().faults.strike(None)
    machine().faults.set_clock(0)
    flash("Calm again.")
    return redirect("/admin/weather")


@bp.post("/weather/fault")
def strike() -> ResponseReturnValue:
    """Have the app's next calls go wrong."""
    form = request.form
    try:
        times = int(form.get("times", "1"))
        fault = Fault(form.get("how", ""), form.get("asked", ""), "heard" in form, times)
    except ValueError as error:
        flash(str(error))
    else:
        machine().faults.strike(fault)
        flash("The line is bad now.")
    return redirect("/admin/weather")


@bp.post("/weather/clock")
def set_clock() -> ResponseReturnValue:
    """Let the shop's clock be wrong."""
    try:
        machine().faults.set_clock(int(request.form.get("minutes", "0")))
    except ValueError as error:
        flash(str(error))
    else:
        flash("The clock is set.")
    return redirect("/admin/weather")


@bp.get("/light")
def show_light() -> ResponseReturnValue:
    """The light, for the corner of every back office page; it asks the app, so it loads later."""
    here = machine()
    with here.transaction() as db:
        ours = books(db)
    return light(here.settings, ours, at=now()).as_dict()
