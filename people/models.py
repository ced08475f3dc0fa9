"""Who takes part: wards, supplier firms with their teams, staff and the sessions that they are signed in with."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base


class Role(StrEnum):
    """What a member of staff may do: the economic office's desk, one supplier's own deliveries, or a team's runs."""

    OFFICE = "office"
    SUPPLIER = "supplier"
    COURIER = "courier"


class Standing(StrEnum):
    """How deliveries to a ward stand: as usual, none at all, or before those to others."""

    OPEN = "open"
    LOCKED = "locked"
    PRIORITISED = "prioritised"


class WardRow(Base):
    """A ward of one vintage. Codes were re-used in 2025, so a ward is (vintage, code), never a code alone.

    ``standing_because`` and ``standing_since``: why it is locked or comes first, in words for its residents.
    """

    __tablename__ = "wards"
    __table_args__ = (
        UniqueConstraint("vintage", "code"),
        CheckConstraint(
            "standing = 'open' OR (standing_because <> '' AND standing_since IS NOT NULL)", name="standing_with_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vintage: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    becomes: Mapped[str | None]
    standing: Mapped[Standing] = mapped_column(default=Standing.OPEN, server_default="open")
    standing_because: Mapped[str] = mapped_column(default="", server_default="")
    standing_since: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Supplier(Base):
    """A firm that fetches manifests and delivers. One that is not active sells nothing more."""

    __tablename__ = "suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Team(Base):
    """Couriers of a supplier who serve some blocks together, in a shift from ``begins`` to ``ends`` by the clock."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("supplier_id", "name"), CheckConstraint("begins < ends", name="shift_lasts"))

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    name: Mapped[str]
    phone: Mapped[str]
    begins: Mapped[time] = mapped_column(default=time(7))
    ends: Mapped[time] = mapped_column(default=time(19))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    supplier: Mapped[Supplier] = relationship()
    blocks: Mapped[list[TeamBlock]] = relationship(order_by="TeamBlock.id", cascade="all, delete-orphan")
    vehicles: Mapped[list[Vehicle]] = relationship(back_populates="team", order_by="Vehicle.id")


class TeamBlock(Base):
    """A block that a team serves; ``block`` is empty for all of the ward. ``block_key`` is how it is compared."""

    __tablename__ = "team_blocks"
    __table_args__ = (UniqueConstraint("team_id", "ward_id", "block_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    block: Mapped[str] = mapped_column(default="")
    block_key: Mapped[str] = mapped_column(default="")

    ward: Mapped[WardRow] = relationship(lazy="joined")


class Vehicle(Base):
    """What a team rides: ``bags`` combos at once, known at a checkpoint by its ``plate``."""

    __tablename__ = "vehicles"
    __table_args__ = (UniqueConstraint("team_id", "name"), CheckConstraint("bags > 0", name="carries_something"))

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str]
    plate: Mapped[str] = mapped_column(default="")
    bags: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    team: Mapped[Team] = relationship(back_populates="vehicles")


class Staff(Base, UserMixin):
    """Somebody who signs in. A supplier's staff belong to one firm, the office's to none, a courier to a team.

    ``manages``: one of the office's heads, who keeps staff and accounts and decides what needs a second person.
    ``delivers``: of a supplier's staff who goes to the doors, and so sees names, phones and addresses; the others see
    goods and quantities.
    ``given_by`` and ``given_at``: who last gave this account a start password or these rights. ``must_change``: the
    start password still stands. ``ends_at``: from when on the account is worth nothing, if it ends at all.
    """

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint(
            "(role = 'office') = (supplier_id IS NULL) AND (role = 'courier') = (team_id IS NOT NULL)",
            name="supplier_of_role",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str]
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    manages: Mapped[bool] = mapped_column(default=False, server_default=false())
    delivers: Mapped[bool] = mapped_column(default=True, server_default=true())
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    given_by: Mapped[str] = mapped_column(default="", server_default="")
    given_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    ends_at: Mapped[datetime | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)

    supplier: Mapped[Supplier | None] = relationship()
    team: Mapped[Team | None] = relationship()

    @property
    def sees_people(self) -> bool:
        """Whether names, phones and addresses on a manifest are this one's business."""
        return self.role is Role.OFFICE or self.delivers

    def has_ended(self, at: datetime) -> bool:
        """Whether the account is worth nothing any more."""
        return self.ends_at is not None and self.ends_at <= at

    def get_id(self) -> str:
        raise TypeError("a sign-in is known by its session, never by the member of staff alone")


class SignIn(Base):
    """One signed-in browser. The cookie holds a token, this row its hash: once revoked, the cookie is worthless."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    staff: Mapped[Staff] = relationship()
