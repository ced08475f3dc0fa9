"""The style guide: every component of the pages in every state, while the program is tested or debugged."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, render_template
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from kernel import clock
from kernel.forms import Difference
from kernel.four_eyes import Stand
from orders.models import OrderState
from orders.payments.clue_words import CluePhrase
from orders.payments.marks import marks
from orders.tracking import Stage, StageState
from orders.vietqr import as_svg
from shop.models import Announcement, Slot
from suppliers.scores.outlook import Bar

GUIDE = "Style guide"
WORDS = "Chợ quê sáng sớm, rau còn đọng sương"
LONG = "Nguyễnphúcbảohoàngchâuquỳnhanhtrangthuỳdương " + "và cả nhà ở hẻm 12/3/45 đường Lý Thường Kiệt, " * 4
MEMO = "MBVCB.1234567890.DC2345678 0912345678 Tran Thi Buoi.CT tu 0123456789"

CHANGES = (("new", "", WORDS), ("price", "100.000 ₫", "120.000 ₫"), ("on_sale", "yes", "no"), ("picture", "", "·"))
"""Field, what it was, what it became."""

styleguide = Blueprint("styleguide", __name__)


def install(app: Flask) -> None:
    """Where the program serves a city, there is no such page."""
    if app.debug or app.testing:
        app.register_blueprint(styleguide)


class EveryField(FlaskForm):
    """One field of each kind."""

    text = StringField(WORDS, description=LONG)
    short = StringField(WORDS, validators=[Optional()], default="0912 345 678")
    select = SelectField(WORDS, choices=[("", ""), ("a", WORDS), ("b", LONG)])
    area = TextAreaField(WORDS, description=WORDS)
    file = FileField(WORDS)
    radio = RadioField(
        WORDS,
        choices=[("a", WORDS), ("b", LONG), ("c", WORDS)],
        default="a",
        description=WORDS,
    )
    several = SelectMultipleField(
        WORDS,
        choices=[("a", WORDS), ("b", LONG)],
        default=["b"],
        description=WORDS,
        option_widget=CheckboxInput(),
    )
    box = BooleanField(LONG, description=WORDS)


@styleguide.route("/styleguide")
def show() -> ResponseReturnValue:
    """All of it on one page."""
    right, wrong = EveryField(formdata=None, prefix="right"), EveryField(formdata=None, prefix="wrong")
    for field in wrong:
        if field.name != wrong.csrf_token.name:
            field.errors = [WORDS]
    now = clock.now()
    return render_template(
        "styleguide.html",
        guide=GUIDE,
        words=WORDS,
        long=LONG,
        now=now,
        hour=timedelta(hours=1),
        payment=_payment(),
        right=right,
        wrong=wrong,
        rounds=_rounds(),
        stages=[Stage(WORDS, now, state, LONG) for state in StageState],
        combo=SimpleNamespace(picture=None, items=[SimpleNamespace(name=name) for name in _goods()]),
        goods=_goods(),
        clues=_clues(),
        memo=marks(MEMO, _clues()),
        **_kept(),
        **_desk(),
        **_promises(),
        **_tokens(),
        **_complaints(),
    )


def _complaints() -> dict[str, Any]:
    """A complaint with an answer, and three batches of a supplier."""
    now = clock.now()
    said = {"what": WORDS, "item": WORDS, "line": SimpleNamespace(name=LONG), "source": "courier", "at": now}
    answered = {"words": LONG, "photo": "", "reply": WORDS, "replied_by": "rau", "replied_at": now}
    return {"complaint": SimpleNamespace(**said, **answered), "score_bars": [Bar(0, 40), Bar(8, 0), Bar(16, 25)]}


def _clues() -> list[CluePhrase]:
    """One of each look, and two that read the same."""
    read = (
        ("code", "DC2345678", 14.2),
        ("phone", "0912345678", 9.1),
        ("name", "Tran Thi Buoi", 6.0),
        ("payer", "Buoi", 2.5),
    )
    return [
        CluePhrase(kind, WORDS, text, weight, (MEMO.index(text), MEMO.index(text) + len(text)))
        for kind, text, weight in (*read, ("ward_other", "CT", -4.0))
    ]


def _desk() -> dict[str, Any]:
    """A feed that is late, a provider that is silent, a group of two orders."""
    now = clock.now()
    told = SimpleNamespace(bank_code="VCB", number="1013456789", booked_at=now, covered_until=now)
    never = SimpleNamespace(bank_code="AGR", number="5903205000001", booked_at=None, covered_until=None)
    feeds = [SimpleNamespace(last=told, late=False), SimpleNamespace(last=never, late=True)]
    orders = [
        SimpleNamespace(code="DC2CYTZ9S", name=LONG, phone="0912345678", total=130_000, state=state, forgotten_at=gone)
        for state, gone in ((OrderState.OPEN, None), (OrderState.CONFIRMED, now))
    ]
    members = [SimpleNamespace(order=order, owed=owed) for order, owed in zip(orders, (130_000, 0), strict=True)]
    return {
        "heard": SimpleNamespace(accounts=feeds, silent=[("SePay", now)], well=False),
        "neighbours": SimpleNamespace(members=members, owed=130_000),
    }


def _kept() -> dict[str, Any]:
    """What is told, and what was changed, of things that are kept."""
    now = clock.now()
    news = Announcement(title=WORDS, body=LONG, title_en="", body_en="", author=WORDS, published_at=now)
    about = {"about": "", "by": WORDS, "at": now, "because": LONG}
    return {
        "told": SimpleNamespace(announcements=[news, news], ward=None),
        "price_changes": [
            SimpleNamespace(percent=step, state=state) for step, state in zip((9.9, -50, 0.1, 100), Stand, strict=True)
        ],
        "overtaken": [Difference(WORDS, WORDS, LONG)],
        "changes": [SimpleNamespace(field=field, was=was, became=became, **about) for field, was, became in CHANGES],
    }


def _goods() -> list[str]:
    return ["gạo", "cà chua", "trứng gà", "dầu ăn", "cá lóc", "chuối", "pin AA"]


def _rounds() -> list[SimpleNamespace]:
    """One that is not open yet, one that is, one that has closed, one that has left."""
    now, day = clock.now(), timedelta(days=1)
    times = ((now + day, now + 2 * day, None), (now - day, now + day, None), (now - 2 * day, now - day, None))
    left = (now - 2 * day, now - day, now)
    return [SimpleNamespace(opens_at=a, last_close=b, dispatched_at=c) for a, b, c in (*times, left)]


def _promises() -> dict[str, Any]:
    """A round in which one ward closes by itself, an order of it that was promised otherwise, wards that are apart."""
    now = clock.now()
    ward = SimpleNamespace(id=1, name="An Bình", standing_because=LONG, standing_since=now)
    own = SimpleNamespace(ward=ward, closes_at=now)
    delivery = SimpleNamespace(closes_at=now, ward_closes=[own], delivery_on=clock.today(), slot=Slot.MORNING)
    order = SimpleNamespace(
        round=delivery, promised_on=clock.today(), promised_slot=Slot.EVENING, is_promised_otherwise=True
    )
    return {
        "promised_round": delivery,
        "moved_order": order,
        "apart": SimpleNamespace(locked=[ward], first=[ward]),
        "nearest": SimpleNamespace(full=[([ward, ward], delivery), ([ward], None)]),
    }


def _payment() -> SimpleNamespace:
    """What is typed into a banking app, and the same as a picture."""
    account = SimpleNamespace(bank_name=WORDS, number="1013456789", holder="PHONG KINH TE TP DI AN")
    return SimpleNamespace(account=account, amount=130_000, memo="DC2CYTZ9S", qr_svg=as_svg("DC2CYTZ9S"))


def _tokens() -> dict[str, Any]:
    """The names of the tokens, as app.css has them."""
    style = (Path(app.static_folder or "") / "app.css").read_text(encoding="utf-8")
    root = style[style.index(":root {") :].partition("}")[0]
    named = re.findall(r"--([\w-]+):\s*([^;]+);", root)
    return {
        "colours": [name for name, value in named if value.startswith("#")],
        "sizes": [name for name, _value in named if name.startswith("text")],
        "spaces": [name for name, _value in named if name.startswith("space")],
    }
