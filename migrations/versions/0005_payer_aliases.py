"""Payers' accounts as clerks learn them, why a human is asked, and how far a statement's matching has come

Revision 0005, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0003"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "payer_aliases",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("transfer_id", BIG_ID, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_payer_aliases_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_aliases")),
        sa.UniqueConstraint("transfer_id", "phone", name=op.f("uq_payer_aliases_transfer_id_phone")),
    )
    op.create_index("ix_payer_aliases_account", "payer_aliases", ["account", "phone"])
    op.add_column("proposals", sa.Column("reasons", JSON, server_default="[]", nullable=False))
    op.add_column("statement_imports", sa.Column("phase", sa.String(), server_default="", nullable=False))
    op.add_column("statement_imports", sa.Column("phase_done", sa.Integer(), server_default="0", nullable=False))
    op.add_column("statement_imports", sa.Column("phase_total", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    for column in ("phase_total", "phase_done", "phase"):
        op.drop_column("statement_imports", column)
    op.drop_column("proposals", "reasons")
    op.drop_index("ix_payer_aliases_account", table_name="payer_aliases")
    op.drop_table("payer_aliases")
