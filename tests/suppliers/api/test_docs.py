"""The specification, and the page on which people read it: complete, in their language, without anybody else's help."""

import json
import re
import shlex
from itertools import pairwise

import pytest

from suppliers.api.docs.spec import operations
from suppliers.api.scopes import Scope
from tests.pages import Page, words


@pytest.fixture
def spec(client):
    answer = client.get("/api/v1/openapi.json", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(spec):
    assert spec["openapi"].startswith("3.1")
    assert spec["components"]["securitySchemes"]["token"]["scheme"] == "bearer"

    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(spec)):
        found = spec
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_every_operation_of_the_program_is_in_it_and_says_its_scopes(app, spec):
    served = {
        (re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule), method.lower()): app.view_functions[rule.endpoint].scopes
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if hasattr(app.view_functions[rule.endpoint], "scopes")
    }

    told = {(path, method): operation["security"][0]["token"] for path, method, operation in operations(spec)}

    assert told == {key: [scope.value for scope in scopes] for key, scopes in served.items()}


def test_every_path_below_it_asks_for_a_token_but_the_two_that_tell_how(app):
    open_to_all = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not hasattr(app.view_functions[rule.endpoint], "scopes")
    }

    assert open_to_all == {"/api/v1/openapi.json", "/api/v1/docs"}


@pytest.mark.parametrize(("asked", "says"), [("vi", "Một đợt giao"), ("en", "One round"), ("", "Một đợt giao")])
def test_its_words_come_in_the_language_that_is_asked_for(bare, asked, says):
    spec = bare.get("/api/v1/openapi.json", headers={"Accept-Language": asked}).json

    assert spec["paths"]["/api/v1/rounds/{round_id}"]["get"]["summary"] == says


def test_nothing_of_apiflasks_own_pages_is_served(client):
    for path in ("/docs", "/openapi.json", "/redoc", "/docs/oauth2-redirect"):
        assert client.get(path).status_code == 404


# The page


def test_the_page_tells_every_operation_field_and_status(client, spec):
    text = Page(client.get("/api/v1/docs")).text()

    for path, method, operation in operations(spec):
        assert f"{method.upper()} {path}" in text
        assert operation["summary"] in text
        for status, answer in operation["responses"].items():
            assert status in text
            assert answer["description"] in text
    for schema in spec["components"]["schemas"].keys() - {"Problem"}:
        for name in spec["components"]["schemas"][schema].get("properties", {}):
            assert name in text
    for scope in Scope:
        assert scope.value in text


def test_what_is_needed_has_a_star(client):
    page = Page(client.get("/api/v1/docs"))
    rows = {words(row) for row in page.all("dt")}

    assert {"Idempotency-Key *", "version *", "event *", "reason", "limit", "cursor"} <= rows


def test_an_example_does_what_it_says(bare, ours, client, parcel):
    """The curl lines are requests that the program takes, once their token and number are somebody's."""
    page = Page(client.get("/api/v1/docs"))
    examples = ["".join(pre.itertext()) for pre in page.all("pre")]
    (written,) = [example for example in examples if "/events" in example]

    line = shlex.split(
        written.replace("$TOKEN", ours.text).replace("$(uuidgen)", "f81d4fae-7dec-11d0").replace("\\\n", "")
    )

    path = line[1].replace("http://localhost", "").replace("/1/", f"/{parcel().id}/")
    headers = dict(word.split(": ", 1) for flag, word in pairwise(line) if flag == "-H")
    answer = bare.post(path, data=line[line.index("-d") + 1].encode(), headers=headers)
    assert (answer.status_code, answer.json["state"]) == (201, "failed")


def test_the_page_has_no_script_of_anybody_and_loads_nothing_from_elsewhere(client):
    answer = client.get("/api/v1/docs")
    page = Page(answer)

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert [to for to in page.addresses() if not re.match(r"/(?!/)|[#?]|tel:", to)] == []
    assert [script.get("src", "").partition("?")[0] for script in page.all("script")] == ["/static/app.js"]
