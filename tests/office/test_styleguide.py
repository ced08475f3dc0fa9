"""The style guide shows all there is, and only to those who build."""

import re
from dataclasses import replace

from app import create_app
from kernel.database import db
from kernel.settings import ROOT
from tests.pages import Page

COMPONENTS = sorted(path.stem for path in (ROOT / "templates" / "components").glob("[!_]*.html"))
GUIDE = (ROOT / "templates" / "styleguide.html").read_text(encoding="utf-8")
STYLE = (ROOT / "static" / "app.css").read_text(encoding="utf-8")
SAMPLES = (ROOT / "static" / "styleguide.css").read_text(encoding="utf-8")


def test_every_component_has_its_part_and_every_macro_is_called():
    body = GUIDE.partition("{% block content %}")[2]
    for name in COMPONENTS:
        source = (ROOT / "templates" / "components" / f"{name}.html").read_text(encoding="utf-8")
        macros = re.findall(r"{%-? macro (\w+)\(", source)
        called = [macro for macro in macros if re.search(rf"\b{macro}\(", body)]
        assert f'part("{name}")' in body or (name == "field" and "part(name)" in body), name
        assert called, name


def test_it_is_a_page_with_all_parts_and_tokens(client):
    page = Page(client.get("/styleguide"))

    parts = {section.get("id") for section in page.all("section")}
    tokens = re.findall(r"--((?!face|page|measure|lift)[\w-]+):", STYLE[STYLE.index(":root {") :].partition("}")[0])
    assert set(COMPONENTS) <= parts
    assert [name for name in tokens if f"--{name} {{" not in SAMPLES] == []
    assert [name for name in tokens if name not in page.text()] == []


def test_who_runs_it_for_a_city_has_no_such_page(database, settings_for):
    app = create_app(replace(settings_for(database), testing=False))

    answer = app.test_client().get("/styleguide")

    assert answer.status_code == 404
    with app.app_context():
        db.engine.dispose()
