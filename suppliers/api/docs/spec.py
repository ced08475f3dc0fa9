"""The specification: OpenAPI 3.1, made by APIFlask from the very schemas that requests are checked with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from apiflask import APIFlask
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from kernel.problems import MIMETYPE, SAYS
from suppliers.api.manifests.schemas import NUMBER
from suppliers.api.manifests.views import api_manifests
from suppliers.api.parcels.views import api_parcels
from suppliers.api.purchases.views import api_purchases
from suppliers.api.rounds.views import api_rounds
from suppliers.api.scopes import SAYS as ALLOWS
from suppliers.api.shortages.views import api_shortages

RESOURCES = (api_rounds, api_purchases, api_manifests, api_shortages, api_parcels)
"""Every kind of thing, in the order in which a reader meets them."""

TITLE = "Đi Chợ Thay"
ABOUT = _l("Rounds, purchase orders, manifests, shortages and deliveries for a supplier's own program.")
READS = (400, 401, 403, 404, 422, 429, 503)
WRITES = (*READS, 409, 413, 415)
_SETTINGS = {
    "OPENAPI_VERSION": "3.1.0",
    "AUTO_SERVERS": False,
    "AUTO_404_RESPONSE": False,
    "AUTO_AUTH_ERROR_RESPONSE": False,
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
    "AUTO_OPERATION_DESCRIPTION": False,
}
_HEADERS = {
    401: ("WWW-Authenticate", {"type": "string"}),
    403: ("WWW-Authenticate", {"type": "string"}),
    429: ("Retry-After", {"type": "integer", "minimum": 1}),
    503: ("Retry-After", {"type": "integer", "minimum": 1}),
}
_FAULT = {
    "type": "object",
    "required": ["where", "field", "message"],
    "properties": {name: {"type": "string"} for name in ("where", "field", "message")},
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FAULT},
    },
}


@cache
def specification(language: str) -> dict[str, Any]:
    """The specification with its words in one language.

    APIFlask makes it in an app of its own, which serves nothing: the program stays a Flask app, and its pages stay as
    they are.
    """
    maker = APIFlask("api", title=TITLE, version="1.0", docs_path=None, spec_path=None, json_errors=False)
    maker.config.update(_SETTINGS)
    for each in RESOURCES:
        maker.register_blueprint(each)
    with force_locale(language):
        spec: dict[str, Any] = _worded(maker.spec)
        spec["info"]["description"] = str(ABOUT)
        spec["tags"] = [{"name": each.tag} for each in RESOURCES]
        for schema in spec["components"]["schemas"].values():
            _bare(schema)
        spec["components"]["schemas"]["Problem"] = PROBLEM
        for path, method, operation in operations(spec):
            _complete(operation, path, writes=method == "post")
    spec["components"]["schemas"].pop("HTTPError", None)  # APIFlask's own problem, which nothing refers to any more
    return spec


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation), in the order of the specification."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _worded(part: Any) -> Any:
    """Words that wait for their language get it."""
    if isinstance(part, dict):
        return {key: _worded(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_worded(value) for value in part]
    return str(part) if isinstance(part, LazyString) else part


def _bare(schema: dict[str, Any]) -> None:
    """Without the titles that Python's names make, and its docstrings: neither is for readers of the API."""
    schema.pop("description", None)
    for part in (schema, *schema.get("properties", {}).values()):
        part.pop("title", None)


def _complete(operation: dict[str, Any], path: str, *, writes: bool) -> None:
    """What APIFlask does not know: refusals, headers, which numbers an address takes, which scopes a token needs."""
    ((scopes,),) = operation["security"][0].values()
    operation["security"] = [{"token": scopes}]
    done = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    done["description"] = str(_("It worked."))
    operation["description"] = str(_("Scopes: %(these)s", these=", ".join(scopes)))
    for parameter in operation["parameters"]:
        _bound(parameter)
    ends = (410,) if "410" in operation["responses"] else ()
    for status in (*(WRITES if writes else READS), *ends):
        operation["responses"][str(status)] = _refusal(status)
    if writes:
        operation["requestBody"]["required"] = True
        replayed = {"schema": {"type": "string", "enum": ["true", "false"]}, "required": True}
        operation["responses"]["201"]["headers"] = {"Idempotency-Replayed": replayed}
    if "304" in operation["responses"]:
        operation["responses"]["304"] = {"description": str(_("You have it already."))}
        operation["parameters"].append(
            {"in": "header", "name": "If-None-Match", "schema": {"type": "string"}, "description": str(_("The ETag."))}
        )


def _bound(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "path":
        parameter["required"] = True
        if parameter["schema"]["type"] == "integer":
            parameter["schema"] |= {"minimum": 0, "maximum": 2**31 - 1}
        else:
            parameter["schema"] |= {"pattern": NUMBER}
    elif parameter["in"] == "header":
        parameter["name"] = parameter["name"].title()
    if words := parameter["schema"].pop("description", None):
        parameter["description"] = words


def _refusal(status: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": str(SAYS[status]),
        "content": {MIMETYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _HEADERS:
        name, schema = _HEADERS[status]
        made["headers"] = {name: {"schema": schema, "required": True}}
    return made


def scopes_told() -> list[tuple[str, str]]:
    """Each scope and what it allows, in words."""
    return [(scope.value, str(words)) for scope, words in ALLOWS.items()]
