"""Look-ups by name, how common names are, and the unplaced sum kept once a statement instead of once a row

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_index("ix_orders_name_joined", "orders", [sa.text("replace(name_key, ' ', '')")])
    op.create_table(
        "frequencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newest_order", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("totals", JSON, nullable=False),
        sa.Column("wards", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frequencies")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _sum_once_a_statement()
        _look_up_by_index()


# A session keeps the plan of a guard's query. One that was made while its table was small would read all of it later.
BY_INDEX = "SET enable_seqscan = off"
GUARDS = ("orders_paid", "allocations_within_total", "parcels_paid", "postings_keep_unplaced")


def _sum_once_a_statement() -> None:
    op.execute("DROP TRIGGER postings_keep_unplaced ON postings")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION postings_keep_unplaced() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE transfers SET unplaced = unplaced + moved.amount
            FROM (
                SELECT transfer_id, sum(amount * ((moved_to = 'unplaced')::int - (moved_from = 'unplaced')::int)) AS amount
                FROM fresh WHERE transfer_id IS NOT NULL GROUP BY transfer_id
            ) AS moved
            WHERE transfers.id = moved.transfer_id AND moved.amount <> 0;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER postings_keep_unplaced AFTER INSERT ON postings REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION postings_keep_unplaced()"
    )


def _look_up_by_index() -> None:
    for guard in GUARDS:
        op.execute(f"ALTER FUNCTION {guard}() {BY_INDEX}")
    # What is moved at once is not known when the plan is made.
    op.execute("ALTER FUNCTION postings_keep_unplaced() SET enable_hashjoin = off")
    op.execute("ALTER FUNCTION postings_keep_unplaced() SET enable_mergejoin = off")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
