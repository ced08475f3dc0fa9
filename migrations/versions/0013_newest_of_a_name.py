"""The newest orders of a name, and of a name with a sum, are read off an index, however many bear it

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

JOINED = sa.text("replace(name_key, ' ', '')")


def upgrade() -> None:
    op.create_index("ix_orders_name_newest", "orders", [JOINED, "placed_at"])
    op.create_index("ix_orders_name_total_newest", "orders", [JOINED, "total", "placed_at"])
    op.drop_index("ix_orders_name_joined", table_name="orders")


def downgrade() -> None:
    op.create_index("ix_orders_name_joined", "orders", [JOINED])
    op.drop_index("ix_orders_name_total_newest", table_name="orders")
    op.drop_index("ix_orders_name_newest", table_name="orders")
