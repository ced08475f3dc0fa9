"""The specification for programs, and the page on which people read it. Neither needs a token."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from kernel.languages import language
from suppliers.api.docs.page import chapters
from suppliers.api.docs.spec import scopes_told, specification
from suppliers.api.views import VERSION

api_docs = Blueprint("api_docs", __name__, url_prefix=VERSION)


@api_docs.route("/openapi.json")
def spec() -> ResponseReturnValue:
    """OpenAPI 3.1, its words in the language that the request asks for."""
    return jsonify(specification(language()))


@api_docs.route("/docs")
def page() -> ResponseReturnValue:
    """The same, to read, with examples for a shell."""
    made = specification(language())
    base = request.url_root.rstrip("/")
    return render_template("suppliers/api/docs.html", chapters=chapters(made, base), scopes=scopes_told(), base=base)
