"""What one person proposes and another decides: columns for such a table, and the one step out of waiting."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.changes import Doer
from kernel.errors import MarketError

DECIDED_WITH_A_NAME = "(state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)"


class Stand(StrEnum):
    """Where a proposal stands: it waits, or it was decided, once and for all."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Proposed:
    """Columns of a change that may take two persons: who asked for it and why, who decided and what they answered."""

    id: Mapped[int]
    state: Mapped[Stand] = mapped_column(default=Stand.PROPOSED)
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    because: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="", server_default="")


class SameHands(MarketError):
    """Nobody agrees to, or refuses, what they proposed themselves."""


class DecidedAlready(MarketError):
    """Somebody was quicker."""


def decide(session: Session, proposed: Any, to: Stand, doer: Doer) -> None:
    """Take the proposal out of waiting, once: of two deciders one gets through. Does not commit.

    Who proposed it may only withdraw it, and nobody else may. What follows from the decision is the caller's to do.
    """
    if to is Stand.WITHDRAWN and doer.by != proposed.proposed_by:
        raise SameHands(_("Only %(by)s can withdraw this proposal. You can refuse it.", by=proposed.proposed_by))
    if to is not Stand.WITHDRAWN and doer.by == proposed.proposed_by:
        raise SameHands(_("You proposed this yourself: a second person has to decide it."))
    model = type(proposed)
    moved = session.execute(
        update(model)
        .where(model.id == proposed.id, model.state == Stand.PROPOSED)
        .values(state=to, decided_by=doer.by, decided_at=doer.at, answer=doer.because)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.expire(proposed)
    if moved is None:
        raise DecidedAlready(_("This was decided already. Load the page again to see by whom."))
