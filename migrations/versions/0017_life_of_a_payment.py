"""Whose credit a transfer's is, which payment a bank took back, and when a resident has asked for more time to pay

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("orders", sa.Column("more_time_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "credit_owners",
        sa.Column("transfer_id", sa.BigInteger(), sa.ForeignKey("transfers.id"), primary_key=True, autoincrement=False),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_credit_owners_order_id", "credit_owners", ["order_id"])
    op.execute("ALTER TABLE debits ADD COLUMN reverses_id BIGINT REFERENCES transfers (id)")
    op.create_index("uq_debits_reverses_id", "debits", ["reverses_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_debits_reverses_id", table_name="debits")
    op.drop_column("debits", "reverses_id")
    op.drop_table("credit_owners")
    op.drop_column("orders", "more_time_at")
