"""Refusals told to programs: problem details (RFC 9457) in JSON, with words for whoever reads the program's log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, json
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

MIMETYPE = "application/problem+json"

SAYS = {
    400: _l("This request cannot be read. Check that its body is JSON and its address has no strange characters."),
    401: _l("A token is needed that is right, not revoked and not expired: Authorization: Bearer …"),
    403: _l("The token does not allow this. Make one that does."),
    404: _l("There is no such thing, or it is not yours."),
    405: _l("This address does not take that method."),
    409: _l("Somebody else was quicker. Ask how it stands now, then try again."),
    410: _l("This was there for a time, which is over."),
    413: _l("The request is too large."),
    415: _l("The body has to be JSON: Content-Type: application/json."),
    422: _l("Something in the request is not as the specification says."),
    429: _l("Too many requests. Wait as long as Retry-After says, in seconds."),
    500: _l("Something broke at our end. It is written down. Try again later with the same Idempotency-Key."),
    503: _l("The database rests. Try again in a minute with the same Idempotency-Key."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where (body, query, header), which field, and why."""

    where: str
    field: str
    message: str


def details(status: int, message: str | None = None, faults: Sequence[Fault] = ()) -> dict[str, Any]:
    """The problem as JSON values; without a ``message`` in the words that fit its status."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message or str(SAYS.get(status, _("This cannot be done."))),
    }
    return {**body, "errors": [asdict(fault) for fault in faults]} if faults else body


def problem(status: int, message: str | None = None, faults: Sequence[Fault] = ()) -> Response:
    """The answer to a program whose request is refused."""
    return answer(details(status, message, faults))


def answer(body: dict[str, Any]) -> Response:
    """The answer with these details."""
    return Response(json.dumps(body), status=body["status"], mimetype=MIMETYPE)
