"""Pages about tokens: a supplier makes and revokes its own, the office revokes any."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import NotFound
from kernel.paging import screen_of
from people.models import Role
from people.sessions import requires
from suppliers.api.models import ApiToken
from suppliers.api.queries import all_tokens, lock_token, tokens_of
from suppliers.api.tokens import keep
from suppliers.api.tokens.forms import TokenForm

tokens = Blueprint("tokens", __name__)


@tokens.route("/suppliers/tokens", methods=["GET", "POST"])
@requires(Role.SUPPLIER)
def mine() -> ResponseReturnValue:
    """The supplier's tokens; make one, which is shown on the answer, once."""
    form = TokenForm(sees_people=keep.may_see_people(current_user))
    if not form.validate_on_submit():
        return _mine(form), 422 if form.is_submitted() else 200
    try:
        made, text = keep.make(
            db.session, current_user, name=form.name.data or "", scopes=form.chosen, lasts=form.span, at=clock.now()
        )
    except keep.TooManyTokens as refusal:
        db.session.rollback()
        form.form_errors = [str(refusal)]
        return _mine(form), refusal.status
    db.session.commit()
    return render_template("suppliers/api/token_made.html", made=made, text=text), 201


def _mine(form: TokenForm) -> str:
    found = tokens_of(db.session, current_user.supplier_id)
    return render_template("suppliers/api/tokens.html", form=form, tokens=found, now=clock.now())


@tokens.route("/suppliers/tokens/<int:token_id>/revoke", methods=["POST"])
@requires(Role.SUPPLIER)
def revoke_mine(token_id: int) -> ResponseReturnValue:
    """Make one of the supplier's own tokens worthless, at once."""
    token = _load(token_id)
    if token.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such token among yours."))
    return _revoked(token, ".mine")


@tokens.route("/desk/admin/tokens")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Everybody's tokens."""
    found = screen_of(lambda most, skip: all_tokens(db.session, most, skip))
    return render_template("desk/admin/tokens.html", found=found, now=clock.now())


@tokens.route("/desk/admin/tokens/<int:token_id>/revoke", methods=["POST"])
@requires(Role.OFFICE)
def revoke(token_id: int) -> ResponseReturnValue:
    """Make any token worthless, at once."""
    return _revoked(_load(token_id), ".index")


def _load(token_id: int) -> ApiToken:
    token = lock_token(db.session, token_id)
    if token is None:
        raise NotFound(_("There is no such token among yours."))
    return token


def _revoked(token: ApiToken, onward: str) -> ResponseReturnValue:
    keep.revoke(db.session, token, Doer(current_user.username, clock.now()))
    db.session.commit()
    flash(_("The token “%(name)s” opens nothing any more.", name=token.name), "good")
    return redirect(url_for(onward), code=303)
