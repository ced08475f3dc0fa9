"""Notices to residents: the outbox, addresses that people asked to be told at, an order's language and its reminder

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=20)


def upgrade() -> None:
    _notices()
    op.create_table(
        "told_at",
        sa.Column("id", BIG, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("keys", JSON, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_at")),
        sa.UniqueConstraint("subject", "channel", "address", name=op.f("uq_told_at_subject_channel_address")),
    )
    op.create_table(
        "kept_secrets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kept_secrets")),
    )
    op.add_column("orders", sa.Column("language", sa.String(), nullable=False, server_default="vi"))
    op.add_column("orders", sa.Column("remind_at", MOMENT, nullable=True))
    _partial("ix_orders_to_remind", "orders", ["remind_at"], "state = 'open' AND remind_at IS NOT NULL")


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        *[sa.Column(name, sa.String(), nullable=False) for name in ("subject", "topic", "event", "sense")],
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("channel", WORD, nullable=False),
        *[sa.Column(name, sa.String(), nullable=False) for name in ("address", "language")],
        sa.Column("params", JSON, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *[sa.Column(name, sa.String(), nullable=False) for name in ("ended_by", "provider_id", "fault")],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
        sa.UniqueConstraint("subject", "topic", "sense", "turn", "channel", "address", name="uq_notices_once"),
    )
    _partial("ix_notices_due", "notices", ["not_before", "id"], "state = 'waiting' AND channel <> 'hand'")
    _partial("ix_notices_by_hand", "notices", ["id"], "state = 'waiting' AND channel = 'hand'")
    _partial("ix_notices_trouble", "notices", ["state", "channel", "id"], "state IN ('waiting', 'failed', 'given_up')")
    for column in ("subject", "state", "channel", "event"):
        op.create_index(f"ix_notices_{column}", "notices", [column, "id"])


def _partial(name: str, table: str, columns: list[str], only: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(only), sqlite_where=sa.text(only))


def downgrade() -> None:
    op.drop_index("ix_orders_to_remind", "orders")
    op.drop_column("orders", "remind_at")
    op.drop_column("orders", "language")
    for table in ("kept_secrets", "told_at", "notices"):
        op.drop_table(table)
