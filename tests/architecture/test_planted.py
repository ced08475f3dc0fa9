"""Each rule is broken here on purpose and seen to notice; beside it stands the lawful way, which it lets through."""

import textwrap
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.code import modules
from tests.architecture.pages import faults_of_pages

LONG_BODY = "\n".join(["def long() -> None:", *["    pass"] * rules.LONGEST_FUNCTION])
SHORT_BODY = "\n".join(["def short() -> None:", *["    pass"] * (rules.LONGEST_FUNCTION - 1)])

BROKEN = [
    (rules.queries_have_a_home, "orders/views.py", "from sqlalchemy import select"),
    (rules.queries_have_a_home, "orders/views.py", "from sqlalchemy import select as pick"),
    (rules.queries_have_a_home, "orders/views.py", "import sqlalchemy as sa\nsa.select(1)"),
    (rules.queries_have_a_home, "orders/cli.py", "session.query(Order)"),
    (rules.queries_have_a_home, "orders/cli.py", "text('select 1')"),
    (rules.only_the_edge_commits, "orders/lifecycle.py", "def f(session):\n    session.commit()"),
    (rules.only_the_edge_commits, "orders/jobs.py", "db.session.commit()"),
    (rules.only_the_lifecycle_sets_an_orders_state, "orders/views.py", "order.state = 'paid'"),
    (rules.only_the_lifecycle_sets_an_orders_state, "orders/payments/settle.py", "row.state, x = 1, 2"),
    (rules.only_the_lifecycle_sets_an_orders_state, "suppliers/door.py", "parcel.order.state = 'confirmed'"),
    (rules.only_the_lifecycle_sets_an_orders_state, "orders/payments/feeds/booking.py", "transfer.order.state = 'x'"),
    (rules.only_the_lifecycle_sets_an_orders_state, "suppliers/door.py", "setattr(it, 'state', 'confirmed')"),
    (rules.only_the_lifecycle_sets_an_orders_state, "suppliers/jobs.py", "update(Order).values(state='expired')"),
    (
        rules.only_the_lifecycle_sets_an_orders_state,
        "suppliers/jobs.py",
        "update(Order).where(x).values(state='expired')",
    ),
    (rules.only_the_lifecycle_sets_an_orders_state, "orders/checkout.py", "Order(state='confirmed')"),
    (rules.time_comes_from_the_clock, "orders/views.py", "from datetime import datetime\ndatetime.now()"),
    (rules.time_comes_from_the_clock, "orders/views.py", "import datetime\ndatetime.datetime.utcnow()"),
    (rules.time_comes_from_the_clock, "orders/views.py", "date.today()"),
    (rules.time_comes_from_the_clock, "orders/views.py", "import time\ntime.time()"),
    (rules.time_comes_from_the_clock, "orders/views.py", "from time import time"),
    (rules.time_comes_from_the_clock, "orders/models.py", "mapped_column(default=datetime.utcnow)"),
    (rules.time_comes_from_the_clock, "orders/models.py", "mapped_column(server_default=func.now())"),
    (rules.the_environment_is_read_by_the_settings, "kernel/web.py", "import os\nos.environ['X']"),
    (rules.the_environment_is_read_by_the_settings, "kernel/web.py", "import os\nos.getenv('X')"),
    (rules.the_environment_is_read_by_the_settings, "kernel/web.py", "from os import environ"),
    (rules.nobody_imports_the_app, "orders/views.py", "from app import create_app"),
    (rules.nobody_imports_the_app, "orders/views.py", "def late() -> None:\n    import wsgi"),
    (rules.markup_is_made_by_templates, "orders/views.py", "Markup(name)"),
    (rules.markup_is_made_by_templates, "orders/views.py", "markupsafe.Markup('<b>') + name"),
    (rules.markup_is_made_by_templates, "orders/views.py", "flask.render_template_string(text)"),
    (rules.functions_stay_short, "orders/views.py", LONG_BODY),
    (rules.modules_stay_short, "orders/views.py", "pass\n" * rules.LONGEST_MODULE),
    (rules.a_module_says_what_it_holds, "orders/views.py", None),
    (rules.words_for_people_are_marked, "orders/forms.py", "StringField('Name')"),
    (rules.words_for_people_are_marked, "orders/forms.py", "wtforms.StringField(label='Your name')"),
    (rules.words_for_people_are_marked, "orders/forms.py", "InputRequired(message='Say how you know.')"),
    (rules.words_for_people_are_marked, "orders/forms.py", "ValidationError(f'Not {x}')"),
    (rules.words_for_people_are_marked, "orders/views.py", "flash('It is paid.')"),
    (rules.refusals_are_marked, "orders/lifecycle.py", "raise RoundClosed('This round has left.')"),
    (rules.refusals_are_marked, "orders/lifecycle.py", "raise errors.MarketError(f'Order {code} has left.')"),
    (rules.refusals_are_marked, "orders/forms.py", "raise ValueError('Enter a whole number.')"),
    (rules.refusals_are_marked, "orders/views.py", "form.code.errors = ['No order fits.']"),
    (rules.refusals_are_marked, "orders/views.py", "abort(409, 'It has left.')"),
    (rules.refusals_are_marked, "orders/forms.py", "StringField(_l('Code'), render_kw={'placeholder': 'Your code'})"),
]

LAWFUL = [
    (rules.queries_have_a_home, "orders/queries.py", "from sqlalchemy import select\nselect(1)"),
    (rules.queries_have_a_home, "orders/models.py", "from sqlalchemy import text\ntext('released_at IS NULL')"),
    (rules.only_the_edge_commits, "orders/views.py", "db.session.commit()"),
    (rules.only_the_edge_commits, "orders/cli.py", "db.session.commit()"),
    (rules.only_the_lifecycle_sets_an_orders_state, "orders/lifecycle.py", "order.state = to"),
    (rules.only_the_lifecycle_sets_an_orders_state, "suppliers/parcels.py", "parcel.state = to"),
    (rules.only_the_lifecycle_sets_an_orders_state, "orders/payments/feeds/booking.py", "statement.state = 'booked'"),
    (rules.only_the_lifecycle_sets_an_orders_state, "orders/views.py", "if order.state == 'open':\n    pass"),
    (rules.time_comes_from_the_clock, "kernel/clock.py", "datetime.now(UTC)"),
    (rules.time_comes_from_the_clock, "orders/views.py", "import time\ntime.monotonic()\nclock.now()\nclock.today()"),
    (rules.the_environment_is_read_by_the_settings, "kernel/settings.py", "import os\nos.environ['X']"),
    (rules.nobody_imports_the_app, "wsgi.py", "from app import create_app"),
    (rules.functions_stay_short, "orders/views.py", SHORT_BODY),
    (rules.words_for_people_are_marked, "orders/forms.py", "StringField(_l('Name'))\nHiddenField('version')"),
    (rules.words_for_people_are_marked, "orders/views.py", "flash(_('It is paid.'))"),
    (rules.refusals_are_marked, "orders/lifecycle.py", "raise RoundClosed(_('This round has left.'))"),
    (rules.refusals_are_marked, "orders/vietqr.py", "raise ValueError('a purpose has 25 characters at most')"),
    (rules.refusals_are_marked, "orders/views.py", "form.code.errors = [_('No order fits.'), str(refusal)]"),
    (rules.refusals_are_marked, "orders/views.py", "abort(404)"),
]

PAGES_BROKEN = [
    '<form method="post"><button>{{ _("Pay") }}</button></form>',
    "<FORM METHOD='POST' action='{{ url_for('x') }}'>\n</FORM>",
    "<form method=post><input>",
    '<button onclick="pay()"></button>',
    '<button hx-on:click="pay()"></button>',
    '<p style="color: red"></p>',
    "<style>p { color: red }</style>",
    "<script>pay()</script>",
    '<script src="/static/app.js"></script>',
    '<a href="javascript:pay()"></a>',
    '<img src="https://elsewhere.example/a.png" alt="">',
    '<link rel="stylesheet" href="//elsewhere.example/a.css">',
    "{{ order.note|safe }}",
    "{{ order.note | safe }}",
    "{% autoescape false %}{{ order.note }}{% endautoescape %}",
    "<p>Paid</p>",
    "<p>{{ _('Order') }} is paid</p>",
    '<input placeholder="Your name">',
    "<button aria-label='Close'></button>",
    '<button data-done="Copied it"></button>',
    '<button hx-confirm="Are you sure?"></button>',
    '<option label="Choose"></option>',
    '<input type="submit" value="Pay now">',
]

PAGES_LAWFUL = [
    '<form method="post">{{ form.hidden_tag() }}<button>{{ _("Pay") }}</button></form>',
    '<form method="post">{{ csrf() }}</form>',
    '<form method="post">{{ hidden_fields(form) }}</form>',
    '<form method="get"><input name="q"></form>',
    '<script src="{{ url_for("static", filename="app.js") }}" nonce="{{ csp_nonce() }}"></script>',
    '<a href="https://elsewhere.example/">{{ _("Elsewhere") }}</a>',
    "<p>{% trans count=n %}One order{% pluralize %}{{ count }} orders{% endtrans %}</p>",
    '<p class="{{ "good" if paid else "warn" }}">{{ _("Paid") }} · 3 × <br>&nbsp;–</p>',
    "{# A comment may say onclick= and |safe. #}",
    "{% block look %}lean{% endblock %}",
    "<title>Đi Chợ Thay</title>",
]


def plant(root: Path, path: str, source: str | None) -> None:
    planted = root / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    if "/" in path:
        (root / path.split("/", maxsplit=1)[0] / "__init__.py").write_text('"""A package."""\n')
    planted.write_text("" if source is None else f'"""Planted."""\n\n{textwrap.dedent(source)}\n')


def judge(rule, root):
    return [offence for module in modules(root) for offence in rule(module)]


@pytest.mark.parametrize(("rule", "path", "source"), BROKEN)
def test_a_broken_rule_is_noticed_where_it_is_broken(rule, path, source, tmp_path):
    plant(tmp_path, path, source)

    assert {offence.path for offence in judge(rule, tmp_path)} == {path}


@pytest.mark.parametrize(("rule", "path", "source"), LAWFUL)
def test_the_lawful_way_is_let_through(rule, path, source, tmp_path):
    plant(tmp_path, path, source)

    assert judge(rule, tmp_path) == []


def test_every_rule_was_seen_to_fail():
    assert {rule for rule, _path, _source in BROKEN} == set(rules.RULES)


@pytest.mark.parametrize("source", PAGES_BROKEN)
def test_a_broken_page_is_noticed(source, tmp_path):
    write_page(tmp_path, source)

    assert {fault.path for fault in faults_of_pages(tmp_path)} == {"templates/orders/page.html"}


@pytest.mark.parametrize("source", PAGES_LAWFUL)
def test_a_lawful_page_is_let_through(source, tmp_path):
    write_page(tmp_path, source)

    assert faults_of_pages(tmp_path) == []


@pytest.mark.parametrize(
    "script",
    [
        'told.textContent = "It is copied";',
        "button.innerText = 'Copied';",
        'element.setAttribute("aria-label", "Close it");',
        'if (confirm("Are you sure?")) go();',
        "alert(`No connection`);",
        'document.createTextNode("No connection");',
        'new Response("<p>You are offline</p>");',
    ],
)
def test_words_in_a_script_are_noticed(script, tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static/app.js").write_text(script)

    assert [(fault.path, fault.rule) for fault in faults_of_pages(tmp_path)] == [("static/app.js", "words")]


@pytest.mark.parametrize(
    "script", ['told.textContent = "";', "told.textContent = button.dataset.done;", '// alert("never")', "go('x y')"]
)
def test_a_script_that_says_what_the_page_told_it_is_let_through(script, tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static/app.js").write_text(script)

    assert faults_of_pages(tmp_path) == []


@pytest.mark.parametrize("rule", ["@import 'a.css';", "p { background: url(https://elsewhere.example/a.png) }"])
def test_a_stylesheet_that_loads_from_elsewhere_is_noticed(rule, tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static/app.css").write_text(rule)

    assert [fault.path for fault in faults_of_pages(tmp_path)] == ["static/app.css"]


def write_page(root: Path, source: str) -> None:
    page = root / "templates/orders/page.html"
    page.parent.mkdir(parents=True)
    page.write_text(source, encoding="utf-8")
