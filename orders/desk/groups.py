"""A group at the office's desk: who leads it, how its orders stand, and which transfers pay them."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel.database import db
from kernel.errors import NotFound
from orders.groups.queries import groups_by_code
from orders.groups.stand import Stand, stand_of
from orders.payments.queries import live_allocations_to
from people.models import Role
from people.sessions import requires

desk_groups = Blueprint("desk_groups", __name__, url_prefix="/desk/groups")


@desk_groups.route("/<group_code>")
@requires(Role.OFFICE)
def show(group_code: str) -> ResponseReturnValue:
    """One group with its orders and its money."""
    found = groups_by_code(db.session, [group_code.upper()])
    if not found:
        raise NotFound(_("There is no group %(code)s.", code=group_code))
    stand = stand_of(db.session, found[0].code)
    return render_template("desk/group.html", group=found[0], stand=stand, payments=_payments(stand))


def _payments(stand: Stand) -> dict[int, int]:
    """Transfer → what it pays of the group now, in whole đồng."""
    paid: Counter[int] = Counter()
    for each in live_allocations_to(db.session, [member.order.id for member in stand.members]):
        if each.transfer_id is not None:
            paid[each.transfer_id] += each.amount
    return dict(paid)
