"""Pages of a group order: beginning it, writing neighbours down, placing it, and how to pay it, behind one link."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.languages import language
from kernel.money import format_dong
from kernel.throttle import count
from orders.consent import LEADER
from orders.groups import draft as drafts
from orders.groups.draft import LASTS, DraftGone, Leader, tally
from orders.groups.forms import LeaderForm, NeighbourForm, PlaceForm, TableForm, neighbour_form
from orders.groups.models import GroupDraft, Neighbour
from orders.groups.place import place_group
from orders.groups.queries import MOST, draft_by_token, group_by_token, neighbour_of
from orders.groups.stand import stand_of
from orders.groups.table import example
from orders.models import IfShort, OrderGroup
from orders.payments.instructions import how_to_pay_group
from orders.promises import refusal_words, round_instead
from orders.rota.queries import days_of
from orders.rota.turns import rota_words
from orders.vietqr import as_png
from orders.views import private
from people.models import Standing
from people.queries import wards
from shop.capacity import offers
from shop.models import Round
from shop.queries import combos_on_sale, fewest_places, rounds_taking_orders
from shop.wards import apart_of, locked_words

groups = Blueprint("groups", __name__)

BEGUN_PER_ADDRESS = 20
BEGIN_WINDOW = timedelta(minutes=15)


@groups.route("/group", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """Ask who orders for neighbours, and begin a draft."""
    form = LeaderForm()
    if not form.validate_on_submit() or not _may_order(form):
        return _ask_leader(form, 422 if form.is_submitted() else 200)
    count(db.session, f"group:from:{request.remote_addr}", most=BEGUN_PER_ADDRESS, per=BEGIN_WINDOW)
    db.session.commit()
    draft = drafts.begin(db.session, _leader(form), language=language(), consent=LEADER, at=clock.now())
    db.session.commit()
    return redirect(url_for(".show", group=draft.token), code=303)


def _ask_leader(form: LeaderForm, status: int, draft: GroupDraft | None = None) -> ResponseReturnValue:
    rounds = rounds_taking_orders(db.session, clock.now())
    form.offer(rounds)
    page = render_template("orders/groups/begin.html", form=form, rounds=rounds, draft=draft, most=MOST, hours=_hours())
    return private(make_response(page, status))


def _may_order(form: LeaderForm) -> bool:
    """Whether the ward gets anything now, and may still order in that round; what is wrong stands at its field."""
    leader = _leader(form)
    if leader.ward.standing is Standing.LOCKED:
        form.ward.errors = [locked_words(leader.ward)]
    elif clock.now() >= leader.delivery.closes_for(leader.ward.id) or leader.delivery.dispatched_at:
        form.round.errors = [_("This delivery round has just closed for your ward. Choose the next one.")]
    return not form.errors


def _leader(form: LeaderForm) -> Leader:
    delivery = db.session.get(Round, int(form.round.data))
    if delivery is None:
        raise MarketError(_("This delivery round is no longer there. Choose another one."))
    ward = form.chosen_ward(wards(db.session))
    return Leader(name=form.name.data or "", phone=form.phone.data or "", ward=ward, delivery=delivery)


def _hours() -> int:
    return int(LASTS.total_seconds() // 3600)


@groups.route("/g/<group>")
def show(group: str) -> ResponseReturnValue:
    """The group as it was placed, with how to pay it; until then the draft."""
    if placed := group_by_token(db.session, group):
        return private(make_response(_group_page(placed)))
    return _draft_page(_draft(group), PlaceForm(formdata=None), 200)


def _group_page(group: OrderGroup) -> str:
    stand = stand_of(db.session, group.code)
    payment = how_to_pay_group(db.session, group.code, stand.owed)
    return render_template("orders/groups/group.html", group=group, stand=stand, payment=payment)


def _draft_page(draft: GroupDraft, form: FlaskForm, status: int) -> ResponseReturnValue:
    counted = tally(db.session, draft)
    form.seen_total.data = str(counted.total)
    page = render_template(
        "orders/groups/draft.html",
        draft=draft,
        tally=counted,
        form=form,
        places=_places_left(draft, set(counted.parcels)),
        most=MOST,
        apart=apart_of(draft.ward),
        turns=rota_words(days_of(db.session, draft.ward_id)),
        until=draft.begun_at + LASTS,
    )
    return private(make_response(page, status))


def _places_left(draft: GroupDraft, suppliers: set[int]) -> int | None:
    """With the scarcest of the suppliers needed; None where nobody is in the group yet."""
    left = fewest_places(db.session, [draft.ward_id], suppliers, clock.now()) if suppliers else {}
    return left.get((draft.round_id, draft.ward_id), 0) if suppliers else None


@groups.route("/g/<draft>/leader", methods=["GET", "POST"])
def leader(draft: str) -> ResponseReturnValue:
    """Another round, ward, name or phone, as long as the group is not placed."""
    found = _draft(draft)
    form = LeaderForm(data=_known(found))
    if not form.validate_on_submit() or not _may_order(form):
        return _ask_leader(form, 422 if form.is_submitted() else 200, found)
    drafts.lead(drafts.held(db.session, draft), _leader(form))
    db.session.commit()
    return redirect(url_for(".show", group=draft), code=303)


def _known(draft: GroupDraft) -> dict[str, str | bool]:
    """What the form is filled in with when it is first shown."""
    if request.method == "POST":
        return {}
    where = {"ward": draft.ward.name, "round": str(draft.round_id)}
    return {"name": draft.leader_name, "phone": draft.leader_phone, "consent": True, **where}


@groups.route("/g/<draft>/add", methods=["GET", "POST"])
def add(draft: str) -> ResponseReturnValue:
    """One neighbour more, then the next."""
    found = _draft(draft)
    form = neighbour_form(combos_on_sale(db.session), like=_like(found))
    if not form.validate_on_submit():
        return _ask_neighbour(form, found)
    found = drafts.add(db.session, draft, [form.entry], at=clock.now())
    db.session.commit()
    _tell_sum(found, form.entry.name)
    return redirect(url_for(".add", draft=draft), code=303)


def _like(draft: GroupDraft) -> Neighbour | None:
    """Whose combos the next neighbour gets, too."""
    return neighbour_of(draft, request.args.get("like", 0, type=int)) if request.method == "GET" else None


def _tell_sum(draft: GroupDraft, name: str) -> None:
    many = len(draft.neighbours)
    words = ngettext("%(num)s order", "%(num)s orders", many)
    total = format_dong(tally(db.session, draft).total)
    flash(_("%(name)s is in the group: %(orders)s, %(total)s together.", name=name, orders=words, total=total), "good")


def _ask_neighbour(form: NeighbourForm, draft: GroupDraft, neighbour: Neighbour | None = None) -> ResponseReturnValue:
    page = render_template(
        "orders/groups/neighbour.html",
        form=form,
        draft=draft,
        neighbour=neighbour,
        combos={combo.name: combo for combo in combos_on_sale(db.session)},
        full=neighbour is None and len(draft.neighbours) >= MOST,
        most=MOST,
    )
    return private(make_response(page, 422 if form.is_submitted() else 200))


@groups.route("/g/<draft>/paste", methods=["GET", "POST"])
def paste(draft: str) -> ResponseReturnValue:
    """Many neighbours at once; a faulty line, and none of them is taken."""
    found, combos, form = _draft(draft), combos_on_sale(db.session), TableForm()
    entries = form.read(combos) if form.validate_on_submit() else []
    if not entries:
        lines = list(example([combo.code for combo in combos]))
        page = render_template("orders/groups/paste.html", form=form, draft=found, combos=combos, example=lines)
        return private(make_response(page, 422 if form.is_submitted() else 200))
    drafts.add(db.session, draft, entries, at=clock.now())
    db.session.commit()
    flash(_("%(many)s neighbours were added.", many=len(entries)), "good")
    return redirect(url_for(".show", group=draft), code=303)


@groups.route("/g/<draft>/neighbours/<int:neighbour>", methods=["GET", "POST"])
def neighbour(draft: str, neighbour: int) -> ResponseReturnValue:
    """Correct what one neighbour gets, and where."""
    among = _draft(draft)
    found = neighbour_of(among, neighbour)
    if found is None:
        raise NotFound(_("This neighbour is no longer in the group. Look at the list as it stands now."))
    form = neighbour_form(combos_on_sale(db.session), known=found)
    if not form.validate_on_submit():
        return _ask_neighbour(form, among, found)
    drafts.change(db.session, draft, neighbour, form.entry, at=clock.now())
    db.session.commit()
    return redirect(url_for(".show", group=draft), code=303)


@groups.route("/g/<draft>/neighbours/<int:neighbour>/remove", methods=["POST"])
def remove(draft: str, neighbour: int) -> ResponseReturnValue:
    """Take a neighbour out; nothing is kept of them."""
    name = drafts.remove(db.session, draft, neighbour)
    db.session.commit()
    flash(_("%(name)s is no longer in the group.", name=name), "good")
    return redirect(url_for(".show", group=draft), code=303)


@groups.route("/g/<draft>/place", methods=["POST"])
def place(draft: str) -> ResponseReturnValue:
    """Order for all of them at once."""
    form = PlaceForm()
    if not form.validate_on_submit():
        return _draft_page(_draft(draft), form, 422)
    try:
        _place(draft, form.seen_total.data or "", IfShort(form.if_short.data))
    except MarketError as refusal:
        db.session.rollback()
        found = _draft(draft)
        form.form_errors.append(refusal_words(refusal, _instead(found, refusal)))
        return _draft_page(found, form, refusal.status)
    return redirect(url_for(".show", group=draft), code=303)


def _instead(draft: GroupDraft, refusal: MarketError) -> Round | None:
    """The next round with places for all of them, where theirs is full or closed."""
    parcels = tally(db.session, draft).parcels
    offered = offers(db.session, [draft.ward], supplier_ids=set(parcels), at=clock.now())
    roomy = [each for each in offered if (each.places_left or 0) >= max(parcels.values(), default=1)]
    return round_instead(refusal, roomy, str(draft.round_id))


def _place(token: str, seen_total: str, if_short: IfShort) -> None:
    """Of a form that was sent twice at once, the slower one finds what the quicker one made."""
    window = app.extensions["settings"].payment_window
    try:
        place_group(db.session, token, at=clock.now(), window=window, seen_total=seen_total, if_short=if_short)
        db.session.commit()
    except (MarketError, IntegrityError):
        db.session.rollback()
        if group_by_token(db.session, token) is None:
            raise


@groups.route("/g/<draft>/drop", methods=["POST"])
def drop(draft: str) -> ResponseReturnValue:
    """Give the draft up; all names in it are deleted at once."""
    db.session.delete(drafts.held(db.session, draft))
    db.session.commit()
    flash(_("The group order is given up. All names and numbers in it are deleted."), "good")
    return redirect(url_for("shop.index"), code=303)


@groups.route("/g/<group>/qr.png")
def qr(group: str) -> ResponseReturnValue:
    """The VietQR of what is open, as a picture to save."""
    placed = group_by_token(db.session, group)
    payment = how_to_pay_group(db.session, placed.code, stand_of(db.session, placed.code).owed) if placed else None
    if payment is None:
        raise NotFound(_("Nothing is to be paid for this group."))
    answer = Response(as_png(payment.qr_text), mimetype="image/png")
    answer.headers["Content-Disposition"] = f'inline; filename="{payment.purpose}.png"'
    return private(answer)


def _draft(token: str) -> GroupDraft:
    found = draft_by_token(db.session, token)
    if found is None:
        raise DraftGone
    return found
