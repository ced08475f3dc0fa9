"""A courier's pages: the runs, one run on the phone, what is told at a door, and what a scanned code is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from kernel import clock, photos
from kernel.database import db, writes
from kernel.errors import MarketError, NotFound
from kernel.throttle import count
from kernel.web import HEADERS, POLICY, nonce
from people.models import Role, Staff
from people.sessions import requires
from suppliers import access
from suppliers.door import proof, sheet
from suppliers.door.forms import TellForm, new_key
from suppliers.door.keep import ProofNeeded, Telling, heard_before, tell
from suppliers.door.look import look
from suppliers.door.models import DoorEvent, DoorKind, DoorReason
from suppliers.door.queries import event_by_key, events_of_run, run_of_parcel
from suppliers.door.wording import OUTCOMES, REASONS
from suppliers.downloads.views import log_view
from suppliers.models import Parcel
from suppliers.queries import newest_manifest
from suppliers.runs.models import Run
from suppliers.runs.queries import run_by_code, run_counts, run_of, runs_of_team

courier = Blueprint("courier", __name__, url_prefix="/courier")

LOOK_BACK = timedelta(days=7)
"""So long after its day a run is still listed."""

LOOKS, LOOK_WINDOW = 120, timedelta(minutes=10)
CAMERA = "camera=(self)"


@courier.route("/")
@requires(Role.COURIER)
def home() -> ResponseReturnValue:
    """The runs of the team that the signed-in courier belongs to."""
    runs = runs_of_team(db.session, current_user.team_id, clock.today() - LOOK_BACK)
    counts = run_counts(db.session, [each.id for each in runs])
    return render_template("courier/home.html", runs=runs, counts=counts)


@courier.route("/runs/<run_code>")
@writes
@requires(Role.COURIER)
def run(run_code: str) -> ResponseReturnValue:
    """One run: what is left first, and for each stop how to tell what happened there. Each look is written down."""
    return _page(run_code)


def _page(run_code: str, refused: tuple[int, TellForm] | None = None) -> ResponseReturnValue:
    """``refused``: the parcel of which something faulty was told, and the form."""
    told, found = _mine(run_code)
    log_view(newest_manifest(db.session, found.batch_id), "run")
    db.session.commit()
    now = clock.now()
    over = access.is_over(db.session, found.batch, current_user, now)
    stops = sheet.cards(db.session, found, told, people=not over, at=now)
    page = render_template(
        "courier/run.html",
        run=found,
        cards=stops,
        left=sum(card.is_left for card in stops),
        at=now.isoformat(),
        over=over,
        blank=TellForm(formdata=None),
        new_key=new_key,
        refused=refused[0] if refused else None,
        form=refused[1] if refused else None,
        reasons=REASONS,
        outcomes=OUTCOMES,
    )
    return _with_camera(make_response(page, 422 if refused else 200))


def _with_camera(answer: Response) -> Response:
    """This page alone may ask for the camera; the reader of codes works in a thread of its own."""
    answer.headers["Permissions-Policy"] = HEADERS["Permissions-Policy"].replace("camera=()", CAMERA)
    policy = POLICY.format(nonce=nonce()).replace("worker-src 'self'", "worker-src 'self' blob:")
    answer.headers["Content-Security-Policy"] = policy.replace("img-src 'self' data:", "img-src 'self' data: blob:")
    return answer


@courier.route("/me.json")
@requires(Role.COURIER)
def me() -> ResponseReturnValue:
    """Who is signed in, and a fresh key to tell with: what waits on a phone is sent whatever became of its run."""
    return jsonify(staff=current_user.id, csrf=generate_csrf())


@courier.route("/runs/<run_code>/stops.json")
@requires(Role.COURIER)
def stops(run_code: str) -> ResponseReturnValue:
    """How each stop of a run stands, for the page that was opened earlier."""
    now = clock.now()
    told, found = _mine(run_code)
    listed = sheet.cards(db.session, found, told, people=False, at=now)
    return jsonify(stops=[sheet.standing(card) for card in listed], at=now.isoformat())


@courier.route("/parcels/<int:parcel_id>", methods=["POST"])
@requires(Role.COURIER)
def mark(parcel_id: int) -> ResponseReturnValue:
    """Tell what happened at a door; told twice it counts once. A page gets a page, the phone's queue gets JSON."""
    form = TellForm()
    try:
        _known(parcel_id)
        event = _tell(parcel_id, form) if form.validate_on_submit() else None
    except (photos.PictureFault, ProofNeeded) as refusal:
        db.session.rollback()
        form.photo.errors, event = [str(refusal)], None
    except MarketError as refusal:
        if not _by_queue():
            raise
        db.session.rollback()
        return jsonify(errors={"kind": str(refusal)}), refusal.status
    if event is None:
        return _refuse(parcel_id, form)
    db.session.commit()
    if _by_queue():
        return jsonify(key=event.key, outcome=event.outcome.value, words=str(OUTCOMES[event.outcome])), 201
    flash(_("Stop %(stop)s: %(what)s.", stop=event.parcel.stop, what=OUTCOMES[event.outcome]), "good")
    return redirect(_back(event), code=303)


def _known(parcel_id: int) -> None:
    """Whoever may not tell of a parcel learns not even that it exists."""
    parcel = db.session.get(Parcel, parcel_id)
    if parcel is None or parcel.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such parcel among yours."))


def _tell(parcel_id: int, form: TellForm) -> DoorEvent:
    now, staff = clock.now(), db.session.get_one(Staff, current_user.id)
    kind = DoorKind(form.kind.data or "")
    facts: dict[str, Any] = {}
    if kind is DoorKind.FAILED:
        facts = {"reason": DoorReason(form.reason.data), "words": form.words.data or ""}
    elif kind is DoorKind.UNDONE:
        facts = {"undoes": form.undoes.data}
    else:
        facts = {"witness": form.witness.data or "", "short": form.missing(), "words": form.words.data or ""}
    telling = Telling(form.told_key, parcel_id, kind, form.happened_at(now), **facts)
    if known := heard_before(db.session, telling, staff):
        return known
    db.session.commit()  # nobody waits for the database while a photo is made small
    return tell(db.session, telling, staff, heard_at=now, photo=_photo(form, kind))


def _photo(form: TellForm, kind: DoorKind) -> bytes | None:
    upload = form.photo.data
    return photos.proof(upload) if kind is DoorKind.DELIVERED and upload and upload.filename else None


def _refuse(parcel_id: int, form: TellForm) -> ResponseReturnValue:
    """What is wrong, in words: as JSON for the queue, which keeps what was told; else on the page."""
    if _by_queue():
        faults = {name: str(words[0]) for name, words in form.errors.items() if words and words[0]}
        return jsonify(errors=faults or {"kind": _("This was not understood. Reload the page and try again.")}), 422
    run_id = run_of_parcel(db.session, parcel_id)
    found = run_of(db.session, run_id) if run_id else None
    if found is None or not sheet.mine(found, current_user):
        raise MarketError(_("This was not understood. Reload the page and try again."))
    return _page(found.code, (parcel_id, form))


def _back(event: DoorEvent) -> str:
    run_id = run_of_parcel(db.session, event.parcel_id)
    found = run_of(db.session, run_id) if run_id else None
    if found is None or not sheet.mine(found, current_user):
        return url_for(".home")
    return url_for(".run", run_code=found.code, _anchor=f"stop-{event.parcel_id}")


@courier.route("/look")
@writes
@requires(Role.COURIER)
def scan() -> ResponseReturnValue:
    """What a scanned or typed code is: the stop to hand it over at, or a refusal."""
    count(db.session, f"look:{current_user.id}", most=LOOKS, per=LOOK_WINDOW)
    db.session.commit()
    looked = look(db.session, request.args.get("code", "")[:200], db.session.get_one(Staff, current_user.id))
    if _by_queue():
        told = {"verdict": looked.verdict.value, "good": looked.good, "words": looked.words, "code": looked.code}
        return jsonify(told | {"parcel": looked.parcel_id, "run": looked.run})
    return render_template("courier/look.html", looked=looked, came_from=request.args.get("run", ""))


@courier.route("/photos/<event_key>.webp")
@requires(Role.COURIER, Role.SUPPLIER, Role.OFFICE)
def photo(event_key: str) -> ResponseReturnValue:
    """A photograph taken at a door, for those who may see it."""
    event = event_by_key(db.session, event_key)
    content = proof.content(event) if event and proof.may_see(event, current_user) else None
    if content is None:
        raise NotFound(_("There is no such photo."))
    return Response(content, mimetype="image/webp")


def _by_queue() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _mine(code: str) -> tuple[dict[int, list[DoorEvent]], Run]:
    """What was told of a run, and the run, read after it: what is heard is counted in how the parcels stand."""
    told = events_of_run(db.session, code)
    found = run_by_code(db.session, code)
    if found is None or not sheet.mine(found, current_user):
        raise NotFound(_("There is no such run among your team’s."))
    return told, found
