"""The door of the API: which token it is, what it allows, how often it may ask; and how refusals are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from apiflask import APIBlueprint, HTTPError, HTTPTokenAuth
from flask import Flask, Response, abort, current_app, jsonify, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from kernel import clock
from kernel.database import db, writes
from kernel.problems import Fault, answer, problem
from kernel.throttle import count
from kernel.web import csrf
from suppliers.api.fields import said
from suppliers.api.idempotency import Answer, once
from suppliers.api.models import ApiToken
from suppliers.api.scopes import Scope
from suppliers.api.tokens import keep

VERSION = "/api/v1"
LARGEST = 64 * 1024
WRONG_TOKENS = 300
WRONG_WINDOW = timedelta(minutes=15)

_View = TypeVar("_View", bound=Callable[..., Any])

auth = HTTPTokenAuth(name="token", realm="market", description=_l("A token that you made on your page “Tokens”."))


def install(app: Flask) -> None:
    """Tell faults of requests as problems. APIFlask's own settings are set, though no app of its kind is here."""
    app.register_error_handler(HTTPError, _faulty)
    app.config.update(VALIDATION_ERROR_STATUS_CODE=422, VALIDATION_ERROR_DESCRIPTION="", BASE_RESPONSE_SCHEMA=None)


def resource(name: str, tag: str) -> APIBlueprint:
    """The addresses of one kind of thing. Neither cookie nor form is read, so there is nothing to forge."""
    made = APIBlueprint(f"api_{name}", __name__, tag=tag, url_prefix=VERSION)
    csrf.exempt(made)
    return made


def needs(*scopes: Scope) -> Callable[[_View], _View]:
    """Let in only a token with all of these scopes: 401 without one that is right, 403 with one that is too weak."""

    def guard(view: _View) -> _View:
        @wraps(view)
        def readable(*args: Any, **kwargs: Any) -> Any:
            _refuse_unreadable()
            return view(*args, **kwargs)

        roles = [[scope.value for scope in scopes]]
        guarded: Any = writes(APIBlueprint.auth_required(cast(Any, None), auth, roles=roles)(readable))
        guarded.scopes = scopes
        return cast(_View, guarded)

    return guard


@auth.verify_token
def _known(text: str) -> ApiToken | None:
    """The token, its use counted and written down; a wrong one is counted by where it comes from. Commits."""
    token = keep.find(db.session, text, clock.now()) if text else None
    if token is None:
        if text:
            count(db.session, f"api:wrong:{request.remote_addr}", most=WRONG_TOKENS, per=WRONG_WINDOW)
            db.session.commit()
        return None
    most = current_app.extensions["settings"].api_requests_per_minute
    count(db.session, f"api:token:{token.id}", most=most, per=timedelta(minutes=1))
    keep.touch(token, clock.now())
    db.session.commit()
    return token


@auth.get_user_roles
def _scopes(token: ApiToken) -> list[str]:
    return sorted(keep.allows(token))


@auth.error_processor
def _kept_out(fault: HTTPError) -> Response:
    return problem(fault.status_code)


def me() -> ApiToken:
    """The token that asks."""
    return cast(ApiToken, auth.current_user)


def sees_people() -> bool:
    """Whether the token that asks is shown names, phones and addresses."""
    return Scope.PEOPLE_READ.value in keep.allows(me())


def signature() -> str:
    """Who tells something, for histories: the account that made the token, and which token it was."""
    return f"{me().staff.username} (API {me().prefix})"


def told_once(headers: Any, body: BaseModel, act: Callable[[], Answer]) -> Response:
    """Do ``act`` if this key is new, else answer as before; write the answer down with it. Commits."""
    given, repeated = once(
        db.session,
        token_id=me().id,
        key=headers.idempotency_key,
        request=f"{request.method} {request.path} {body.model_dump_json()}",
        at=clock.now(),
        act=act,
    )
    db.session.commit()
    response = jsonify(given.body) if given.status < 400 else answer(given.body)
    response.status_code = given.status
    response.headers["Idempotency-Replayed"] = "true" if repeated else "false"
    return response


def _refuse_unreadable() -> None:
    """A name that stands twice in the address, a body that is no JSON, or too much of it."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise HTTPError(422, detail={"query": {name: [_("This stands twice in the address.")] for name in twice}})
    if request.method in {"GET", "HEAD"}:
        return
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    if not request.is_json:
        abort(415)
    request.max_content_length = LARGEST
    try:
        request.get_json()
    except RecursionError:
        abort(400)


def _faulty(fault: HTTPError) -> Response:
    """What APIFlask found wrong with a request, field by field."""
    db.session.rollback()
    (where,) = fault.detail or {"": {}}
    cause = fault.__cause__
    if isinstance(cause, ValidationError):
        faults = [_fault(where, each) for each in cause.errors(include_url=False, include_input=False)]
    else:
        faults = [Fault(where, name, " ".join(told)) for name, told in fault.detail.get(where, {}).items()]
    return problem(fault.status_code, None, faults)


def _fault(where: str, error: Any) -> Fault:
    field = ".".join(str(part) for part in error["loc"])
    words = said(error["type"], error.get("ctx", {})) or error["msg"]
    places = {"json": "body", "headers": "header"}
    return Fault(places.get(where, where), field.replace("_", "-") if where == "headers" else field, words)
