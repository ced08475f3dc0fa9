"""Which column of an unknown bank's statement is what, as clerks said; and the files that wait for their word

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "column_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mappings")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_column_mappings_fingerprint")),
    )
    op.create_table(
        "statement_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("look", JSON, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement_imports.id"],
            name=op.f("fk_statement_uploads_statement_id_statement_imports"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_uploads")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_statement_uploads_statement_id")),
    )
    op.create_index("ix_statement_uploads_at", "statement_uploads", ["at"])


def downgrade() -> None:
    op.drop_table("statement_uploads")
    op.drop_table("column_mappings")
