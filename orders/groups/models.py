"""Tables of a group order that is still being written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId
from people.models import WardRow
from shop.models import Round


class GroupDraft(Base):
    """What a leader has entered so far, behind the private link that the placed group will have, too.

    Gone as soon as it is placed or dropped, and a day after it was begun at the latest.
    """

    __tablename__ = "group_drafts"

    id: Mapped[BigId]
    token: Mapped[str] = mapped_column(unique=True)
    leader_name: Mapped[str]
    leader_phone: Mapped[str]
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    language: Mapped[str]
    consent_wording: Mapped[str]
    consent_at: Mapped[datetime]
    begun_at: Mapped[datetime] = mapped_column(index=True)

    ward: Mapped[WardRow] = relationship(lazy="joined")
    round: Mapped[Round] = relationship(lazy="joined")
    neighbours: Mapped[list[Neighbour]] = relationship(
        back_populates="draft", order_by="Neighbour.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def closes_at(self) -> datetime:
        """The last moment at which its ward may order."""
        return self.round.closes_for(self.ward_id)


class Neighbour(Base):
    """Somebody of a draft: ``picked`` is combo's code → quantity; no ``phone`` of their own means the leader's.

    ``consent_at``: when the leader said that this neighbour agrees, to the words of which version.
    """

    __tablename__ = "group_neighbours"

    id: Mapped[BigId]
    draft_id: Mapped[int] = mapped_column(ForeignKey("group_drafts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    picked: Mapped[dict[str, Any]]
    consent_wording: Mapped[str]
    consent_at: Mapped[datetime]

    draft: Mapped[GroupDraft] = relationship(back_populates="neighbours")
