"""Rounds and their places at the office's desk."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import Difference, differences
from kernel.paging import screen_of
from kernel.queries import changes_of
from kernel.web import show_day
from orders.deadlines.forms import DeadlineForm
from orders.deadlines.keep import NotThen, extend_all
from orders.desk.rounds import grid as places
from orders.desk.rounds import plan
from orders.desk.rounds.forms import CloseForm, NewRoundsForm, PlacesForm, RoundForm, wall
from orders.desk.rounds.grid import Grid, grid_of
from orders.queries import counts_by_state, last_deadline, promised_otherwise
from people.models import Role
from people.queries import suppliers, wards
from people.sessions import requires
from shop.models import Round, Slot
from shop.queries import capacities_of, places_of, recent_rounds, rounds_from

plans = Blueprint("plans", __name__, url_prefix="/desk/admin/rounds")
OFFERED = 20


@plans.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Every round: those still to be delivered, the nearest first, then those of days gone by, the newest first."""
    found = screen_of(lambda most, skip: rounds_from(db.session, clock.today(), most, skip))
    held = places_of(db.session, [each.id for each in found.rows])
    return render_template("desk/admin/rounds.html", found=found, held=held, now=clock.now())


@plans.route("/new", methods=["GET", "POST"])
@requires(Role.OFFICE)
def new() -> ResponseReturnValue:
    """Make a round, or several at once."""
    next_day = plan.next_free_day(db.session, clock.today() + timedelta(days=2))
    form = NewRoundsForm(data={"first": next_day, "last": next_day} if request.method == "GET" else None)
    form.offer(recent_rounds(db.session, OFFERED))
    if not form.validate_on_submit():
        return render_template("desk/admin/round_new.html", form=form), 422 if form.is_submitted() else 200
    rhythm = plan.Rhythm(*form.hours, timedelta(days=form.open_for.number or 1), Slot(form.slot.data))
    like = db.session.get(Round, int(form.like.data)) if form.like.data else None
    made = plan.make(db.session, form.days(), rhythm, like=like, doer=_me())
    db.session.commit()
    _tell(made)
    return redirect(url_for(".index"), code=303)


def _tell(made: plan.Made) -> None:
    if made.rounds:
        flash(_("Rounds made: %(many)s.", many=len(made.rounds)), "good")
    if made.passed_over:
        listed = ", ".join(show_day(day) for day in made.passed_over)
        flash(_("There was a round already on %(days)s: nothing was made for that.", days=listed), "warn")


@plans.route("/<int:round_id>", methods=["GET", "POST"])
@requires(Role.OFFICE)
def show(round_id: int) -> ResponseReturnValue:
    """One round: its times, while nothing has left, and its history."""
    delivery = _load(round_id)
    form = RoundForm(data=_facts(delivery) | {"version": str(delivery.version)})
    if not form.validate_on_submit():
        return _page(delivery, form, 422 if form.is_submitted() else 200)
    try:
        plan.move(db.session, delivery, form.moments(), seen=form.version.data, doer=_me(form.because.data or ""))
    except MarketError as refusal:
        return _refuse(round_id, form, refusal)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", round_id=round_id), code=303)


def _facts(delivery: Round) -> dict[str, object]:
    times = {name: wall(getattr(delivery, name)) for name in ("opens_at", "closes_at", "dispatch_at")}
    return {**times, "delivery_on": delivery.delivery_on, "slot": delivery.slot.value}


def _refuse(round_id: int, form: RoundForm, refusal: MarketError) -> ResponseReturnValue:
    """The form again with what was typed; the refusal stands at the question that it answers."""
    db.session.rollback()
    delivery = _load(round_id)
    if isinstance(refusal, Overtaken):
        form.version.data = str(delivery.version)
        both = list(differences(form, _facts(delivery)))
        return _page(delivery, form, refusal.status, overtaken=refusal, both=both)
    fields = {plan.ReasonNeeded: form.because, plan.TooEarly: form.dispatch_at, plan.TooLate: form.opens_at}
    fields.get(type(refusal), form.closes_at).errors = [str(refusal)]
    return _page(delivery, form, refusal.status)


@plans.route("/<int:round_id>/close", methods=["POST"])
@requires(Role.OFFICE)
def close(round_id: int) -> ResponseReturnValue:
    """No more orders from now on."""
    delivery, form = _load(round_id), CloseForm()
    if not form.validate_on_submit():
        return _show(delivery, 422, close_form=form)
    plan.close_now(db.session, delivery, seen=form.version.data, doer=_me(form.because.data or ""))
    db.session.commit()
    flash(_("The round takes no more orders."), "good")
    return redirect(url_for(".show", round_id=round_id), code=303)


@plans.route("/<int:round_id>/deadlines", methods=["POST"])
@requires(Role.OFFICE)
def deadlines(round_id: int) -> ResponseReturnValue:
    """Everybody who has not paid yet has more time."""
    delivery, form = _load(round_id), DeadlineForm()
    if not form.validate_on_submit():
        return _show(delivery, 422, deadline_form=form)
    try:
        moved = extend_all(db.session, delivery, form.moment, _me(form.because.data or ""))
    except NotThen as refusal:
        db.session.rollback()
        form.until.errors = [str(refusal)]
        return _show(_load(round_id), refusal.status, deadline_form=form)
    db.session.commit()
    flash(_("Orders with more time: %(many)s. Their residents are told.", many=len(moved)), "good")
    return redirect(url_for(".show", round_id=round_id), code=303)


def _show(delivery: Round, status: int, **more: object) -> ResponseReturnValue:
    """The page as it is first shown, but for the form that was refused."""
    kept = RoundForm(formdata=None, data=_facts(delivery) | {"version": str(delivery.version)})
    return _page(delivery, kept, status, **more)


def _page(delivery: Round, form: RoundForm, status: int, **more: object) -> ResponseReturnValue:
    told: dict[str, object] = {
        "close_form": CloseForm(formdata=None, version=str(delivery.version)),
        "deadline_form": DeadlineForm(formdata=None),
        "counts": {state.value: many for state, many in counts_by_state(db.session, delivery.id).items()},
        "last": last_deadline(db.session, delivery.id),
        "otherwise": promised_otherwise(db.session, delivery),
        "now": clock.now(),
        "changes": changes_of(db.session, plan.KIND, delivery.id),
    }
    return render_template("desk/admin/round.html", round=delivery, form=form, **{**told, **more}), status


@plans.route("/<int:round_id>/places", methods=["GET", "POST"])
@requires(Role.OFFICE)
def fill(round_id: int) -> ResponseReturnValue:
    """The places of a round, ward by supplier."""
    delivery, form = _load(round_id), PlacesForm()
    if not form.validate_on_submit():
        form.version.data = str(delivery.version)
        return _grid(delivery, form, _cells(delivery), 200)
    grid = _cells(delivery, request.form.to_dict())
    if "fill" in request.form or "copy" in request.form:
        _fill(grid, form)
        return _grid(delivery, form, grid, 200, filled=True)
    if not places.check(grid):
        return _grid(delivery, form, grid, 422)
    try:
        many = places.save(db.session, delivery, grid, seen=form.version.data, doer=_me())
    except MarketError as refusal:
        return _refuse_places(round_id, form, refusal)
    db.session.commit()
    flash(_("Places changed: %(many)s.", many=many), "good")
    return redirect(url_for(".fill", round_id=round_id), code=303)


def _cells(delivery: Round, typed: dict[str, str] | None = None) -> Grid:
    planned = capacities_of(db.session, delivery.id)
    return grid_of(wards(db.session), suppliers(db.session), planned, typed=typed)


def _fill(grid: Grid, form: PlacesForm) -> None:
    if "copy" in request.form:
        like = form.like.data or ""
        places.fill_like(grid, capacities_of(db.session, int(like)) if like.isdecimal() and len(like) < 10 else ())
    else:
        places.fill(grid, request.form.to_dict())


def _refuse_places(round_id: int, form: PlacesForm, refusal: MarketError) -> ResponseReturnValue:
    db.session.rollback()
    delivery = _load(round_id)
    grid = _cells(delivery, request.form.to_dict())
    form.version.data = str(delivery.version)
    if not isinstance(refusal, Overtaken):
        form.form_errors = [str(refusal)]
        return _grid(delivery, form, grid, refusal.status)
    both = [Difference(cell.label, cell.now, cell.typed) for cell in grid.changed()]
    return _grid(delivery, form, grid, refusal.status, overtaken=refusal, both=both)


def _grid(delivery: Round, form: PlacesForm, grid: Grid, status: int, **more: object) -> ResponseReturnValue:
    form.offer([each for each in recent_rounds(db.session, OFFERED) if each.id != delivery.id])
    form.form_errors = [*form.form_errors, *(cell.fault for cell in grid.faults)]
    changes = changes_of(db.session, plan.KIND, delivery.id)
    page = render_template("desk/admin/places.html", round=delivery, form=form, grid=grid, changes=changes, **more)
    return page, status


def _me(because: str = "") -> Doer:
    return Doer(current_user.username, clock.now(), because)


def _load(round_id: int) -> Round:
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound(_("There is no such delivery round."))
    return found
