"""A combo may have a picture: the key under which the file store has it

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("combos", sa.Column("picture", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("combos", "picture")
