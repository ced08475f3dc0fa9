"""On PostgreSQL the places of money are kept once a statement, and guards are asked only where they have a say

Revision 0030, after 0029.
"""

from alembic import op

revision = "0030"
down_revision = "0029"

PLACES = ("unplaced", "allocated", "credit", "refund_due", "refunded")
# Rows of these tables that the guard lets pass whatever else they say: it need not be called for them.
ONLY_WHERE = (
    ("orders_paid", "INSERT OR UPDATE OF state ON orders", "NEW.state = 'confirmed'"),
    ("postings_its_own", "INSERT ON postings", "NEW.allocation_id IS NOT NULL"),
    ("allocations_reverse", "INSERT ON allocations", "NEW.reverses_id IS NOT NULL"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # which knows triggers for each row only
        return
    _keep_places_once()
    for guard, moment, has_a_say in ONLY_WHERE:
        table = moment.split()[-1]
        op.execute(f"DROP TRIGGER {guard} ON {table}")
        op.execute(f"CREATE TRIGGER {guard} BEFORE {moment} FOR EACH ROW WHEN ({has_a_say}) EXECUTE FUNCTION {guard}()")


def _keep_places_once() -> None:
    """All postings of a statement added up by transfer: each transfer's row is written once.

    Each transfer is looked up by its number, whatever statistics say: a plan is kept as long as the connection, and one
    made for a thousand rows while the city was young would read the whole table for a single one later.
    """
    moved = (
        f"SUM(CASE '{place}' WHEN moved_to THEN amount WHEN moved_from THEN -amount ELSE 0 END) AS {place}"
        for place in PLACES
    )
    follow = ", ".join(f"{place} = transfers.{place} + moved.{place}" for place in PLACES)
    op.execute("DROP TRIGGER postings_keep_places ON postings")
    op.execute("DROP FUNCTION postings_keep_places")
    op.execute(
        "CREATE FUNCTION postings_keep_places() RETURNS trigger LANGUAGE plpgsql"
        " SET enable_hashjoin = off SET enable_mergejoin = off AS $$ BEGIN"
        f" UPDATE transfers SET {follow} FROM (SELECT transfer_id, {', '.join(moved)} FROM fresh"
        " WHERE transfer_id IS NOT NULL GROUP BY transfer_id) AS moved WHERE transfers.id = moved.transfer_id;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER postings_keep_places AFTER INSERT ON postings REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION postings_keep_places()"
    )


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
