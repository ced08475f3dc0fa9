"""The language in which somebody on a waiting list is told that a place is kept

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("waiting_entries", sa.Column("language", sa.String(), server_default=sa.text("'vi'"), nullable=False))


def downgrade() -> None:
    op.drop_column("waiting_entries", "language")
