"""Announcements, residents who say that they have paid, waiting lists; names are found by their beginning

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _announcements()
    _payment_claims()
    _waiting_entries()
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_orders_name_key", table_name="orders")
        op.create_index("ix_orders_name_key", "orders", ["name_key"], postgresql_ops={"name_key": "text_pattern_ops"})


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("body_en", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_announcements_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"], name=op.f("fk_announcements_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_published_at", "announcements", ["published_at"])
    _create_partial("ix_announcements_standing", "announcements", ["ward_id", "published_at"], "withdrawn_at IS NULL")


def _payment_claims() -> None:
    op.create_table(
        "payment_claims",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("transferred_at", MOMENT, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_claims_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_claims")),
    )
    op.create_index("ix_payment_claims_order_id", "payment_claims", ["order_id", "at"])
    _create_partial("ix_payment_claims_waiting", "payment_claims", ["order_id", "at"], "answered_at IS NULL")


def _waiting_entries() -> None:
    op.create_table(
        "waiting_entries",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("picked", JSON, nullable=False),
        sa.Column("supplier_ids", JSON, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=True),
        sa.Column("offered_until", MOMENT, nullable=True),
        sa.Column("order_id", BIG_ID, nullable=True),
        sa.Column("consent_wording", sa.String(), nullable=False),
        sa.Column("consent_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status <> 'offered' OR offered_until IS NOT NULL", name=op.f("ck_waiting_entries_offers_end")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_waiting_entries_round_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"], name=op.f("fk_waiting_entries_ward_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_waiting_entries_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entries")),
        sa.UniqueConstraint("token", name=op.f("uq_waiting_entries_token")),
    )
    in_line = "status IN ('waiting', 'offered')"
    _create_partial("uq_waiting_entries_phone", "waiting_entries", ["round_id", "phone"], in_line, unique=True)
    line = ["round_id", "ward_id", "id"]
    _create_partial("ix_waiting_entries_line", "waiting_entries", line, "status = 'waiting'")
    _create_partial("ix_waiting_entries_offers", "waiting_entries", ["offered_until"], "status = 'offered'")
    op.create_index("ix_waiting_entries_round_id", "waiting_entries", ["round_id"])
    op.create_table(
        "kept_places",
        sa.Column("entry_id", BIG_ID, nullable=False),
        sa.Column("capacity_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["waiting_entries.id"], name=op.f("fk_kept_places_entry_id")),
        sa.ForeignKeyConstraint(["capacity_id"], ["capacities.id"], name=op.f("fk_kept_places_capacity_id")),
        sa.PrimaryKeyConstraint("entry_id", "capacity_id", name=op.f("pk_kept_places")),
    )


def _create_partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_orders_name_key", table_name="orders")
        op.create_index("ix_orders_name_key", "orders", ["name_key"])
    for table in ("kept_places", "waiting_entries", "payment_claims", "announcements"):
        op.drop_table(table)
