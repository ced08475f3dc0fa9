"""What can be bought: combos of items, and the delivery rounds with their capacity in parcels."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from kernel.four_eyes import DECIDED_WITH_A_NAME, Proposed
from people.models import Supplier, WardRow
from shop.quantities import Unit, show_quantity


class Combo(Base):
    """A priced combo, packed by one supplier. ``cold_chain``: it has to stay cold until it is handed over."""

    __tablename__ = "combos"
    __table_args__ = (CheckConstraint("price > 0", name="price_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    group: Mapped[str] = mapped_column("group_name")
    price: Mapped[Dong]
    position: Mapped[int]
    on_sale: Mapped[bool] = mapped_column(default=True)
    cold_chain: Mapped[bool] = mapped_column(default=False, server_default=false())
    picture: Mapped[str | None]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    supplier: Mapped[Supplier] = relationship(lazy="joined")
    items: Mapped[list[ComboItem]] = relationship(
        order_by="ComboItem.position", lazy="selectin", cascade="all, delete-orphan"
    )


class ComboItem(Base):
    """One thing in a combo: ``quantity`` in grams, millilitres or pieces; ``measure`` names a piece (quả, gói, hộp)."""

    __tablename__ = "combo_items"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    combo_id: Mapped[int] = mapped_column(ForeignKey("combos.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    quantity: Mapped[int]
    unit: Mapped[Unit]
    measure: Mapped[str]
    remark: Mapped[str] = mapped_column(default="")

    @property
    def amount(self) -> str:
        """``0,5 kg`` or ``10 quả``, with its remark: what a page shows beside the name."""
        shown = show_quantity(self.quantity, self.unit, self.measure)
        return f"{shown} ({self.remark})" if self.remark else shown


class Slot(StrEnum):
    """The part of the day in which a round is brought."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ALL_DAY = "all_day"


class Round(Base):
    """A delivery round: the last order and payment at ``closes_at``, to the suppliers at ``dispatch_at``.

    A ward may have a last order of its own: ask ``closes_for``, not ``closes_at``.
    """

    __tablename__ = "rounds"
    __table_args__ = (CheckConstraint("opens_at < closes_at AND closes_at <= dispatch_at", name="times_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(index=True)
    dispatch_at: Mapped[datetime] = mapped_column(index=True)
    delivery_on: Mapped[date] = mapped_column(index=True)
    slot: Mapped[Slot] = mapped_column(default=Slot.ALL_DAY, server_default="all_day")
    dispatched_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    capacities: Mapped[list[Capacity]] = relationship(back_populates="round")
    ward_closes: Mapped[list[WardClose]] = relationship(order_by="WardClose.ward_id", cascade="all, delete-orphan")

    def closes_for(self, ward_id: int) -> datetime:
        """The last order and payment of a ward."""
        return self.own_closes.get(ward_id, self.closes_at)

    @property
    def own_closes(self) -> dict[int, datetime]:
        """Ward → its last order, where that is not the round's."""
        return {each.ward_id: each.closes_at for each in self.ward_closes}

    @property
    def last_close(self) -> datetime:
        """When the last of the wards closes."""
        return max([self.closes_at, *self.own_closes.values()])

    def takes_orders(self, at: datetime, ward_id: int | None = None) -> bool:
        """Whether somebody of the ward (None: of any) may order at that moment: open, and not left early."""
        closes = self.last_close if ward_id is None else self.closes_for(ward_id)
        return self.opens_at <= at < closes and self.dispatched_at is None


class WardClose(Base):
    """The last order and payment of one ward in one round, where it is not the round's own.

    Triggers keep it after the round's opening and not after its dispatch.
    """

    __tablename__ = "ward_closes"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"), primary_key=True)
    closes_at: Mapped[datetime]

    ward: Mapped[WardRow] = relationship(lazy="joined")


class Capacity(Base):
    """How many parcels one supplier takes to one ward in one round, and how many are promised.

    ``beyond`` counts what the office let in over ``places`` (orders taken elsewhere); the table refuses other excess.
    """

    __tablename__ = "capacities"
    __table_args__ = (
        UniqueConstraint("round_id", "supplier_id", "ward_id"),
        CheckConstraint("places >= 0 AND beyond >= 0 AND held >= 0", name="not_negative"),
        CheckConstraint("held <= places + beyond", name="never_oversold"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    places: Mapped[int]
    held: Mapped[int] = mapped_column(default=0)
    beyond: Mapped[int] = mapped_column(default=0)

    round: Mapped[Round] = relationship(back_populates="capacities")
    supplier: Mapped[Supplier] = relationship()
    ward: Mapped[WardRow] = relationship()


_STANDS = text("withdrawn_at IS NULL")


class Announcement(Base):
    """Plain words of the office to one ward, or to the whole city (``ward`` is None), with their author and time.

    English is there where the office wrote it. It is shown until ``expires_at``, if that is set, or until withdrawn.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        # The newest of a ward, or of the city, that stand: however many were withdrawn.
        Index("ix_announcements_standing", "ward_id", "published_at", postgresql_where=_STANDS, sqlite_where=_STANDS),
    )

    id: Mapped[BigId]
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("wards.id"))
    title: Mapped[str]
    body: Mapped[str]
    title_en: Mapped[str] = mapped_column(default="")
    body_en: Mapped[str] = mapped_column(default="")
    author: Mapped[str]
    username: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_because: Mapped[str] = mapped_column(default="")

    ward: Mapped[WardRow | None] = relationship(lazy="joined")

    def shown_at(self, moment: datetime) -> bool:
        return self.withdrawn_at is None and (self.expires_at is None or moment < self.expires_at)

    def language(self, wanted: str) -> str:
        """``en`` where that is wanted and was written, else ``vi``."""
        return "en" if wanted == "en" and self.title_en else "vi"

    def title_in(self, language: str) -> str:
        return self.title_en if self.language(language) == "en" else self.title

    def paragraphs(self, language: str) -> list[str]:
        body = self.body_en if self.language(language) == "en" else self.body
        return [" ".join(part.split()) for part in body.split("\n") if part.strip()]


class PriceChange(Proposed, Base):
    """A combo's new price, in force once applied. Over the limit it takes a second person, which the table insists on.

    ``measured_from``: the price of a week before, so that many small steps are one large one.
    """

    __tablename__ = "price_changes"
    __table_args__ = (
        CheckConstraint(
            "was > 0 AND becomes > 0 AND measured_from > 0 AND was <> becomes AND limit_percent >= 0", name="prices"
        ),
        CheckConstraint(
            "over_limit = (abs(becomes - measured_from) * 100 > limit_percent * measured_from)",
            name="limit_told_truly",
        ),
        CheckConstraint("NOT over_limit OR state <> 'applied' OR proposed_by <> decided_by", name="four_eyes"),
        CheckConstraint(DECIDED_WITH_A_NAME, name="decided_with_a_name"),
        Index("ix_price_changes_applied", "combo_id", "state", "decided_at"),
        Index("ix_price_changes_state", "state", "decided_at"),
        Index(
            "uq_price_changes_waiting",
            "combo_id",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
            sqlite_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    combo_id: Mapped[int] = mapped_column(ForeignKey("combos.id"))
    was: Mapped[Dong]
    becomes: Mapped[Dong]
    measured_from: Mapped[Dong]
    limit_percent: Mapped[int]
    over_limit: Mapped[bool]

    combo: Mapped[Combo] = relationship(lazy="joined")

    @property
    def percent(self) -> float:
        """From ``was`` to ``becomes``."""
        return (self.becomes - self.was) * 100 / self.was
