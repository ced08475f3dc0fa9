"""The shop and the basket."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import current_app as app
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from kernel.paging import screen_of
from kernel.statics import YEAR
from people.queries import wards
from shop import basket as baskets
from shop import drawings, pictures
from shop.announcements import told_to
from shop.capacity import offers
from shop.forms import PickForm
from shop.models import Combo
from shop.queries import (
    any_combo,
    applied_prices,
    combo_by_code,
    combos_on_sale,
    rounds_taking_orders,
    standing_announcements,
)
from shop.rounds import promise_words, round_promise, sentence
from shop.search import LONGEST, find
from shop.wards import apart, locked, nearest

MOST_ANNOUNCEMENTS = 100
MOST_ROUNDS = 3

shop = Blueprint("shop", __name__)
basket = Blueprint("basket", __name__)


class Band(NamedTuple):
    """A price band: from ``least`` to ``most`` đồng."""

    value: str
    label: LazyString
    least: int
    most: int


BANDS = (
    Band("100-150", _l("100.000 to 150.000\u00a0₫"), 0, 150_000),
    Band("200-300", _l("200.000 to 300.000\u00a0₫"), 150_001, 300_000),
    Band("350-500", _l("350.000 to 500.000\u00a0₫"), 300_001, 10**9),
)


@basket.app_context_processor
def count_basket() -> dict[str, int]:
    """How many combos are picked, for the head of every page."""
    return {"basket_count": baskets.count()}


@shop.route("/")
def index() -> ResponseReturnValue:
    """The combos by group, of one group or price band where asked; what a search finds stands best first."""
    combos = combos_on_sale(db.session)
    group, band = request.args.get("group", ""), request.args.get("band", "")
    shown = [combo for combo in combos if group in ("", combo.group) and _in_band(combo, band)]
    q = " ".join(request.args.get("q", "").split())[:LONGEST]
    found = find(shown, q)
    return render_template(
        "shop/index.html",
        apart=apart(db.session),
        nearest=nearest(db.session, clock.now()),
        groups=[] if q else _by_group(shown),
        found=found,
        q=q,
        told=told_to(db.session, None),
        group_names=list(dict.fromkeys(combo.group for combo in combos)),
        bands=BANDS,
        group=group,
        band=band,
    )


def _in_band(combo: Combo, value: str) -> bool:
    return all(band.least <= combo.price <= band.most for band in BANDS if band.value == value)


def _by_group(combos: list[Combo]) -> list[tuple[str, list[Combo]]]:
    first = {combo.group: place for place, combo in reversed(list(enumerate(combos)))}
    in_groups = sorted(combos, key=lambda combo: (first[combo.group], combo.position))
    return [(name, list(members)) for name, members in groupby(in_groups, key=lambda combo: combo.group)]


@shop.route("/guide")
def guide() -> ResponseReturnValue:
    """How ordering works, in three steps; printed, it is the sheet that hangs at the gate."""
    address = app.extensions["settings"].public_url
    code = segno.make(address, error="m", micro=False).svg_data_uri(border=2, light="#fff") if address else ""
    round_ = next(iter(rounds_taking_orders(db.session, clock.now())), None)
    window = int(app.extensions["settings"].payment_window.total_seconds() // 3600)
    return render_template("shop/guide.html", address=address, code=code, round=round_, window=window)


@shop.route("/announcements")
def announcements() -> ResponseReturnValue:
    """All that the office tells now, of one ward (and the whole city) where asked."""
    all_wards = wards(db.session)
    ward = next((each for each in all_wards if str(each.id) == request.args.get("ward")), None)
    ids = [ward.id] if ward else [each.id for each in all_wards]
    standing = standing_announcements(db.session, ids, clock.now(), most=MOST_ANNOUNCEMENTS)
    return render_template("shop/announcements.html", announcements=standing, wards=all_wards, ward=ward)


@shop.route("/combos/<code>")
def combo(code: str) -> ResponseReturnValue:
    """One combo: what is in it, how much of it, who packs it."""
    found = _sold(code.upper())
    return render_template("shop/combo.html", combo=found, form=PickForm(formdata=None, combo=found.code))


@shop.route("/prices")
def prices() -> ResponseReturnValue:
    """Every price change that came into force, newest first, with its reason; of one combo where asked."""
    code = request.args.get("combo", "").upper()
    found = screen_of(lambda most, skip: applied_prices(db.session, most, skip, code=code))
    return render_template("shop/prices.html", found=found, asked=code, combo=any_combo(db.session, code))


def _sold(code: str) -> Combo:
    found = combo_by_code(db.session, code)
    if found is None:
        raise NotFound(_("There is no such combo, or it is no longer sold. Go back to the shop for today's."))
    return found


@shop.record
def lend_to_pages(setup: BlueprintSetupState) -> None:
    """What the macros of pictures and of promises need."""
    setup.app.jinja_env.globals.update(drawings=drawings, picture_sizes=pictures.SIZES)
    setup.app.jinja_env.globals.update(promise_words=promise_words, round_promise=round_promise)
    setup.app.jinja_env.filters["sentence"] = sentence


@shop.route("/pictures/<key>/<int:width>.webp")
def picture(key: str, width: int) -> ResponseReturnValue:
    """A combo's photograph. Its address names its content, so it may be kept for a year."""
    found = pictures.content(db.session, key, width)
    if found is None:
        raise NotFound(_("There is no such picture."))
    answer = Response(found, mimetype="image/webp")
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return answer


@basket.route("/basket", endpoint="show")
def show() -> ResponseReturnValue:
    """What is picked so far."""
    basket, all_wards = baskets.load(db.session), wards(db.session)
    rounds = offers(db.session, all_wards, supplier_ids=basket.supplier_ids, at=clock.now()) if basket.lines else []
    return render_template("shop/basket.html", basket=basket, rounds=rounds[:MOST_ROUNDS], apart=locked(db.session))


@basket.route("/basket/add", methods=["POST"])
def add() -> ResponseReturnValue:
    """Put a combo into the basket."""
    form = PickForm()
    picked = _sold(form.combo.data or "")
    if not form.validate_on_submit():
        return render_template("shop/combo.html", combo=picked, form=form), 422
    baskets.add(picked.code, form.quantity.data or 1)
    flash(_("Added to your basket."), "good")
    return redirect(url_for("basket.show"))


@basket.route("/basket/change", methods=["POST"])
def change() -> ResponseReturnValue:
    """Set how many of a combo; none takes it out."""
    form = PickForm()
    picked = _sold(form.combo.data or "")
    if form.validate_on_submit():
        baskets.change(picked.code, form.quantity.data or 0)
    else:
        flash(form.quantity.errors[0], "bad")
    return redirect(url_for("basket.show"))
