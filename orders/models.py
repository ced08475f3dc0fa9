"""Orders as residents placed them: lines, history, and the places that they hold in a delivery round."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship, validates

from kernel.database import Base, BigId, Dong
from kernel.text import search_key
from people.models import Supplier, WardRow
from shop.models import Capacity, Combo, Round, Slot


class OrderState(StrEnum):
    """Where an order stands. What it owes is the ledger's to say; where its parcels are is the suppliers'."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Origin(StrEnum):
    """Where an order was taken: in this shop, or elsewhere and moved in."""

    SHOP = "shop"
    ELSEWHERE = "elsewhere"


class IfShort(StrEnum):
    """What a resident wants where something of the order can't be brought."""

    EQUIVALENT = "equivalent"
    REFUND = "refund"
    CALL = "call"


class Order(Base):
    """A resident's order, priced on the day it was placed.

    ``dispatched_at`` is set once its goods have left: from then on money may come back, the goods do not.
    ``attempt`` names the checkout form that made it, so that a form sent twice makes one order. ``remind_at``: when the
    resident is to be told that the deadline is near; None once that was done. ``more_time_at``: when the resident took
    more time to pay, which they may once. ``language``: in which they are told.
    ``forgotten_at``: since when name, phone, address and note are blank. ``group_code``: whose leader pays for it.
    ``if_short``: what the resident wants where something can't be brought, said beforehand.
    ``deducted`` đồng of ``total`` were not handed over and need not be paid; the tables keep it (migration 0022).
    ``promised_on`` and ``promised_slot``: what its round said when the order came into it; a trigger keeps them so.
    ``lat`` and ``lon``: where its resident has put a pin on the map, if they have.
    ``household``: by what a rota knows it, the phone, or the address of who has none.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total > 0", name="total_positive"),
        CheckConstraint("deducted BETWEEN 0 AND total", name="deducted_within_total"),
        CheckConstraint("if_short IN ('equivalent', 'refund', 'call')", name="if_short_known"),
        # What a parcel's foreign key points at: only a confirmed order can have one.
        UniqueConstraint("id", "state"),
        # The sweep for deadlines looks at open orders only, however many closed ones there are.
        Index(
            "ix_orders_open_expires_at",
            "expires_at",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        Index(
            "ix_orders_to_remind",
            "remind_at",
            postgresql_where=text("state = 'open' AND remind_at IS NOT NULL"),
            sqlite_where=text("state = 'open' AND remind_at IS NOT NULL"),
        ),
        Index("ix_orders_round_state", "round_id", "state"),
        # The chore that forgets looks at what is not forgotten, however much there is.
        Index(
            "ix_orders_remembered",
            "round_id",
            postgresql_where=text("forgotten_at IS NULL"),
            sqlite_where=text("forgotten_at IS NULL"),
        ),
        # The orders of a group, by its code: a memo may name either.
        Index(
            "ix_orders_group_code",
            "group_code",
            postgresql_where=text("group_code IS NOT NULL"),
            sqlite_where=text("group_code IS NOT NULL"),
        ),
        # What a ward that is locked has still to get, however much it got before.
        Index(
            "ix_orders_to_deliver",
            "ward_id",
            postgresql_where=text("state IN ('open', 'confirmed') AND dispatched_at IS NULL"),
            sqlite_where=text("state IN ('open', 'confirmed') AND dispatched_at IS NULL"),
        ),
        # Serves the beginning of a name, too, whatever the database's own way of sorting.
        Index("ix_orders_name_key", "name_key", postgresql_ops={"name_key": "text_pattern_ops"}),
        # A memo may have lost the spaces of a name.
        Index("ix_orders_name_newest", text("replace(name_key, ' ', '')"), "placed_at"),
        Index("ix_orders_name_total_newest", text("replace(name_key, ' ', '')"), "total", "placed_at"),
    )

    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    state: Mapped[OrderState] = mapped_column(default=OrderState.OPEN)
    origin: Mapped[Origin] = mapped_column(default=Origin.SHOP)
    name: Mapped[str]
    name_key: Mapped[str]
    phone: Mapped[str] = mapped_column(index=True)
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    address: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    total: Mapped[Dong]
    deducted: Mapped[Dong] = mapped_column(default=0, server_default="0")
    if_short: Mapped[IfShort] = mapped_column(default=IfShort.REFUND, server_default="refund")
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    placed_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    more_time_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="vi", server_default="vi")
    attempt: Mapped[str | None] = mapped_column(unique=True)
    consent_wording: Mapped[str | None]
    consent_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    group_code: Mapped[str | None] = mapped_column(ForeignKey("order_groups.code"))
    promised_on: Mapped[date]
    promised_slot: Mapped[Slot]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    household: Mapped[str] = mapped_column(default="", server_default="", index=True)
    version: Mapped[int] = mapped_column()

    ward: Mapped[WardRow] = relationship(lazy="joined")
    round: Mapped[Round] = relationship(lazy="joined")
    group: Mapped[OrderGroup | None] = relationship()
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.id")
    history: Mapped[list[OrderEvent]] = relationship(back_populates="order", order_by="OrderEvent.id")
    holds: Mapped[list[PlaceHold]] = relationship(back_populates="order")

    # Two clerks on one order: the second to save is told, not silently overwritten.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it as a plain class attribute)

    def record(self, was: OrderState | None, became: OrderState, *, by: str, at: datetime, because: str) -> None:
        """Write a step into the history, without loading what stands there already."""
        event = OrderEvent(order=self, was=was, became=became, by=by, at=at, because=because)
        if session := object_session(self):
            session.add(event)

    @property
    def due(self) -> int:
        """What is to be paid for it: what was ordered less what was not handed over."""
        return self.total - self.deducted

    @property
    def closes_at(self) -> datetime:
        """The last moment at which its ward may pay for its round."""
        return self.round.closes_for(self.ward_id)

    @property
    def is_promised_otherwise(self) -> bool:
        """Whether its round is brought at another time now than its resident was told."""
        return (self.promised_on, self.promised_slot) != (self.round.delivery_on, self.round.slot)

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.name_key = search_key(name)
        return name

    @validates("phone")
    def _know_household(self, _key: str, phone: str) -> str:
        self.household = phone
        return phone

    @validates("round")
    def _promise(self, _key: str, delivery: Round) -> Round:
        """Another round is another promise; the same one, moved meanwhile, is not."""
        if self.round is not delivery:
            self.promised_on, self.promised_slot = delivery.delivery_on, delivery.slot or Slot.ALL_DAY
        return delivery


class OrderGroup(Base):
    """Orders of neighbours that one of them, the leader, pays by one transfer. ``code`` is like an order's own, and
    no order's.

    What it owes, and until when, is told by its orders. ``forgotten_at``: since when the leader's name and phone are
    blank.
    """

    __tablename__ = "order_groups"
    __table_args__ = (
        Index(
            "ix_order_groups_remembered",
            "round_id",
            postgresql_where=text("forgotten_at IS NULL"),
            sqlite_where=text("forgotten_at IS NULL"),
        ),
    )

    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    leader_name: Mapped[str]
    leader_phone: Mapped[str]
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    language: Mapped[str]
    consent_wording: Mapped[str]
    consent_at: Mapped[datetime]
    placed_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]

    ward: Mapped[WardRow] = relationship(lazy="joined")
    round: Mapped[Round] = relationship(lazy="joined")


class OrderLine(Base):
    """One combo of an order at the price of that day. One taken elsewhere has no combo until the office names one."""

    __tablename__ = "order_lines"
    __table_args__ = (CheckConstraint("quantity > 0 AND unit_price > 0", name="positive"),)

    id: Mapped[BigId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    combo_id: Mapped[int | None] = mapped_column(ForeignKey("combos.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    name: Mapped[str]
    quantity: Mapped[int]
    unit_price: Mapped[Dong]

    order: Mapped[Order] = relationship(back_populates="lines")
    combo: Mapped[Combo | None] = relationship()
    supplier: Mapped[Supplier | None] = relationship()

    @classmethod
    def of(cls, combo: Combo, quantity: int) -> OrderLine:
        """A line of ``combo`` at today's price."""
        return cls(
            combo=combo, supplier_id=combo.supplier_id, name=combo.name, quantity=quantity, unit_price=combo.price
        )

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


class OrderEvent(Base):
    """One step in an order's life: who took it, when, and why."""

    __tablename__ = "order_events"

    id: Mapped[BigId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    was: Mapped[OrderState | None]
    became: Mapped[OrderState]
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]

    order: Mapped[Order] = relationship(back_populates="history")


class PlaceHold(Base):
    """A parcel's place that an order holds in a capacity, until it is released."""

    __tablename__ = "place_holds"
    __table_args__ = (
        # A place is held once; after a release the order may come back for another.
        Index(
            "uq_place_holds_held",
            "order_id",
            "capacity_id",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
            sqlite_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[BigId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    capacity_id: Mapped[int] = mapped_column(ForeignKey("capacities.id"), index=True)
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(back_populates="holds")
    capacity: Mapped[Capacity] = relationship()
