"""A courier's pass: on the phone, on paper, a team's at once; and the page that a checkpoint's camera opens."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db, writes
from kernel.errors import MarketError
from kernel.throttle import count
from people.models import Role
from people.queries import wards
from people.sessions import requires
from people.wards import WARDS_2021
from suppliers.couriers.passes import issue, typeset
from suppliers.couriers.passes.issue import Issued, NoPass
from suppliers.couriers.passes.verdict import check as judge
from suppliers.couriers.queries import couriers_of
from suppliers.couriers.views import load
from suppliers.papers import download

passes = Blueprint("passes", __name__)

CHECKS_PER_ADDRESS = 600
WINDOW = timedelta(minutes=15)
COOKIE = "checkpoint"
REMEMBERED = 90 * 24 * 60 * 60
_CODES = {ward.code for ward in WARDS_2021}


@passes.route("/courier/pass")
@requires(Role.COURIER)
def mine() -> ResponseReturnValue:
    """The pass of the courier who is signed in, for today or the next day that needs one."""
    try:
        issued = _mine()
    except NoPass as refusal:
        return render_template("courier/no_pass.html", refusal=refusal)
    page = render_template("courier/pass.html", issued=issued, code=typeset.code(issued.url), today=clock.today())
    return unlisted(make_response(page))


@passes.route("/courier/pass.pdf")
@requires(Role.COURIER)
def pdf() -> ResponseReturnValue:
    """The same on A6: where no printer is at hand, a shop or a neighbour prints it."""
    issued = _mine()
    return unlisted(download(typeset.pdf([issued], sheet="a6"), f"pass-{issued.day:%Y-%m-%d}.pdf"))


def _mine() -> Issued:
    return issue.issue(current_user, issue.day_of(db.session, current_user.team, clock.now()))


@passes.route("/suppliers/teams/<int:team_id>/passes.pdf")
@requires(Role.SUPPLIER, delivers=True)
def of_team(team_id: int) -> ResponseReturnValue:
    """The passes of a whole team for a ``day``, four on a sheet."""
    team = load(team_id)
    day = _day(request.args.get("day", "")) or issue.day_of(db.session, team, clock.now())
    issued = []
    for each in couriers_of(db.session, team.id):
        try:
            issued.append(issue.issue(each, day))
        except NoPass:
            continue
    if not issued:
        raise NoPass(_("Nobody of this team gets a pass for this day: no ward, or no account that lasts until then."))
    return unlisted(download(typeset.pdf(issued, sheet="a4"), f"passes-{team.id}-{day:%Y-%m-%d}.pdf"))


def _day(asked: str) -> date | None:
    """The day that the address asks for, as browsers or people write it."""
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = None
    if day is None or not clock.today() <= day <= clock.today() + issue.AHEAD:
        raise MarketError(_("Passes are printed from today to %(days)s days ahead.", days=issue.AHEAD.days))
    return day


@passes.route("/pass/<signed>")
@writes
def check(signed: str) -> ResponseReturnValue:
    """What a checkpoint sees. The ward it stands in is asked once and remembered on its phone."""
    count(db.session, f"pass:from:{request.remote_addr}", most=CHECKS_PER_ADDRESS, per=WINDOW)
    db.session.commit()
    ward = _checkpoint()
    checked = judge(db.session, signed, at=clock.now(), ward=ward)
    names = {each.code: each.name for each in wards(db.session)}
    page = render_template("passes/check.html", checked=checked, ward=ward, names=names, now=clock.now())
    return unlisted(make_response(page, checked.status))


@passes.route("/pass/<signed>", methods=["POST"])
def stand_at(signed: str) -> ResponseReturnValue:
    """Remember at which ward's checkpoint this phone stands; then look at the pass."""
    answer = make_response(redirect(url_for(".check", signed=signed), code=303))
    if (ward := request.form.get("ward", "")) in _CODES:
        secure = app.config["SESSION_COOKIE_SECURE"]
        answer.set_cookie(COOKIE, ward, max_age=REMEMBERED, secure=secure, httponly=True, samesite="Lax")
    return unlisted(answer)


def _checkpoint() -> str:
    kept = request.cookies.get(COOKIE, "")
    return kept if kept in _CODES else ""


def unlisted(answer: Response) -> Response:
    """A pass's address is the pass: no search engine keeps it. The policy of every page tells no other site of it, and
    leaves our own form its referrer, without which it is refused over https."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
