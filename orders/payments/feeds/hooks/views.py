"""Where providers call: the signature is checked, the call is kept as it came, and answered. A job books it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import structlog
from flask import Blueprint, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from kernel import clock
from kernel.database import db
from kernel.errors import TooManyTries
from kernel.hooks import HookKeys
from kernel.jobs import promise
from kernel.throttle import count
from kernel.upsert import insert_if_new
from kernel.web import csrf
from orders.payments.feeds.hooks.models import CallState, HookCall
from orders.payments.feeds.hooks.signatures import WrongSignature, can_sign, check
from orders.payments.feeds.tellings.told import Feed

hooks = Blueprint("hooks", __name__, url_prefix="/hooks")
csrf.exempt(hooks)

log = structlog.get_logger()

LARGEST = 256 * 1024
WRONG_CALLS = 300
WRONG_WINDOW = timedelta(minutes=15)


@hooks.route("/sepay", methods=["POST"])
def sepay() -> ResponseReturnValue:
    """Answers what SePay wants to hear: 200 and success."""
    return _take(Feed.SEPAY)


@hooks.route("/casso", methods=["POST"])
def casso() -> ResponseReturnValue:
    """Both of Casso's versions: the signature's header tells which."""
    return _take(Feed.CASSO)


@hooks.route("/payos", methods=["POST"])
def payos() -> ResponseReturnValue:
    return _take(Feed.PAYOS)


def _take(provider: Feed) -> ResponseReturnValue:
    keys: HookKeys = current_app.extensions["settings"].hooks
    if not can_sign(provider, keys):
        abort(404)
    try:
        body = _body()
        sent_at = check(provider, request.headers, body, keys=keys, at=clock.now())
    except RequestEntityTooLarge:
        return jsonify(success=False, error="too large"), 413
    except WrongSignature:
        return _refuse(provider)
    _keep(db.session, provider, body, sent_at)
    db.session.commit()
    return jsonify(success=True)


def _body() -> bytes:
    """What was sent, if it is not longer than any call is: the rest is not even read."""
    body = request.stream.read(LARGEST + 1)
    if len(body) > LARGEST or (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    return body


def _refuse(provider: Feed) -> ResponseReturnValue:
    """Nothing is kept of it but that it came: one row counts them all. A right call is never in this queue."""
    log.warning("webhook refused", provider=provider.value)
    try:
        count(db.session, f"hooks:wrong:{provider}", most=WRONG_CALLS, per=WRONG_WINDOW)
    except TooManyTries as refusal:
        db.session.rollback()
        return jsonify(success=False, error="too many"), 429, {"Retry-After": str(refusal.retry_after)}
    db.session.commit()
    return jsonify(success=False, error="wrong signature"), 401


def _keep(session: Session, provider: Feed, body: bytes, sent_at: str) -> None:
    """Once, and its booking is promised once: the same bytes again are known."""
    row = {
        "provider": provider,
        "digest": hashlib.sha256(body).hexdigest(),
        "body": body,
        "sent_at": sent_at,
        "state": CallState.RECEIVED,
        "received_at": clock.now(),
    }
    call_id = session.scalar(insert_if_new(session, HookCall, row).returning(HookCall.id))
    if call_id is not None:
        promise(session, "hook", key=f"hook:{call_id}", payload={"call_id": call_id})
