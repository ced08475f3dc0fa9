"""Rows that are evidence are sealed in a chain; postings alone move money, each of lawful shape; sums of days are kept

Revision 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACES = ("unplaced", "allocated", "credit", "refund_due", "refunded")
KEPT = ", ".join(PLACES)
SUM = " + ".join(f"{{row}}.{place}" for place in PLACES)
KNOWN = ("bank", "opening", *PLACES)

# What a posting may say, whatever else is in the books. Money enters from the bank once, and does not leave the books.
SHAPE = {
    "known_places": f"{{row}}moved_from IN {KNOWN} AND {{row}}moved_to IN {KNOWN[1:]}",
    "bank_to_unplaced": "{row}moved_from <> 'bank' OR {row}moved_to = 'unplaced'",
    "opening_alone_without_transfer": "({row}transfer_id IS NULL) = ('opening' IN ({row}moved_from, {row}moved_to))",
    "opening_to_orders": "{row}transfer_id IS NOT NULL OR 'allocated' IN ({row}moved_from, {row}moved_to)",
    "orders_by_allocation": "('allocated' IN ({row}moved_from, {row}moved_to)) = ({row}allocation_id IS NOT NULL)",
}
NOT_ITS_OWN = """NEW.allocation_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM allocations a
    WHERE a.id = NEW.allocation_id AND a.order_id = NEW.order_id
    AND COALESCE(a.transfer_id, 0) = COALESCE(NEW.transfer_id, 0)
    AND a.amount = CASE WHEN NEW.moved_to = 'allocated' THEN NEW.amount ELSE -NEW.amount END
)"""
NOT_OF_IT = """NEW.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM allocations a
    WHERE a.id = NEW.reverses_id AND a.amount = -NEW.amount AND a.order_id = NEW.order_id
    AND COALESCE(a.transfer_id, 0) = COALESCE(NEW.transfer_id, 0)
)"""
NAMED = sa.text("allocation_id IS NOT NULL")
ASIDE = sa.text("set_aside")
REFUNDED = sa.text("refunded > 0")


def upgrade() -> None:
    _chain_links()
    op.create_index(
        "uq_postings_allocation_id",
        "postings",
        ["allocation_id"],
        unique=True,
        postgresql_where=NAMED,
        sqlite_where=NAMED,
    )
    op.create_index("ix_transfers_set_aside", "transfers", ["id"], postgresql_where=ASIDE, sqlite_where=ASIDE)
    op.create_index("ix_transfers_refunded", "transfers", ["id"], postgresql_where=REFUNDED, sqlite_where=REFUNDED)
    _account_days()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _account_days() -> None:
    """What came in and went out of each account day by day. Movements never change, so adding each once is enough."""
    op.create_table(
        "account_days",
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("came_in", sa.BigInteger(), nullable=False),
        sa.Column("went_out", sa.BigInteger(), nullable=False),
    )
    op.execute(
        "INSERT INTO account_days (account_id, day, came_in, went_out)"
        " SELECT account_id, booked_on, SUM(came_in), SUM(went_out) FROM ("
        "SELECT account_id, booked_on, amount AS came_in, 0 AS went_out FROM transfers"
        " UNION ALL SELECT account_id, booked_on, 0, amount FROM debits) AS moved GROUP BY account_id, booked_on"
    )
    for table, column, other in (("transfers", "came_in", "went_out"), ("debits", "went_out", "came_in")):
        if op.get_bind().dialect.name == "sqlite":
            _count_row(table, column)
        else:
            _count_statement(table, column, other)


def _count_row(table: str, column: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_count_day AFTER INSERT ON {table} BEGIN"
        " INSERT INTO account_days (account_id, day, came_in, went_out) SELECT NEW.account_id, NEW.booked_on, 0, 0"
        " WHERE NOT EXISTS (SELECT 1 FROM account_days WHERE account_id = NEW.account_id AND day = NEW.booked_on);"
        f" UPDATE account_days SET {column} = {column} + NEW.amount"
        " WHERE account_id = NEW.account_id AND day = NEW.booked_on; END"
    )


def _count_statement(table: str, column: str, other: str) -> None:
    """Once for all rows of a statement, and in order: two that book into one account do not lock each other out."""
    op.execute(
        f"CREATE FUNCTION {table}_count_day() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" INSERT INTO account_days (account_id, day, {column}, {other})"
        " SELECT account_id, booked_on, SUM(amount), 0 FROM fresh GROUP BY account_id, booked_on"
        " ORDER BY account_id, booked_on"
        f" ON CONFLICT (account_id, day) DO UPDATE SET {column} = account_days.{column} + excluded.{column};"
        " RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_count_day AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_count_day()"
    )


def _chain_links() -> None:
    op.create_table(
        "chain_links",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("rows_of", sa.String(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_chain_links_rows_of_last_id", "chain_links", ["rows_of", "last_id"])


def _sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        _sqlite_refuse(f"chain_links_{verb.lower()}", f"{verb} ON chain_links", "1", "chain_links is append-only")
    for key in ("id", "previous", "hash"):
        taken = f"EXISTS (SELECT 1 FROM chain_links WHERE {key} = NEW.{key})"
        _sqlite_refuse(f"chain_links_replace_{key}", "INSERT ON chain_links", taken, "chain_links is append-only")
    for name, right in SHAPE.items():
        wrong = f"NOT ({right.format(row='NEW.')})"
        _sqlite_refuse(f"postings_{name}", "INSERT ON postings", wrong, "a posting of no lawful shape")
    taken = "EXISTS (SELECT 1 FROM postings WHERE allocation_id = NEW.allocation_id)"
    _sqlite_refuse("postings_replace_allocation", "INSERT ON postings", taken, "an allocation is posted once")
    _sqlite_refuse("postings_its_own", "INSERT ON postings", NOT_ITS_OWN, "a posting of another allocation")
    _sqlite_refuse("allocations_reverse", "INSERT ON allocations", NOT_OF_IT, "a reversal of something else")
    sum_ = SUM.format(row="NEW")
    _sqlite_refuse("transfers_born_empty", "INSERT ON transfers", f"{sum_} <> 0", "money comes in by a posting")
    moved = f"UPDATE OF {KEPT} ON transfers"
    _sqlite_refuse("transfers_add_up", moved, f"{sum_} <> NEW.amount", "a transfer's places add up to its amount")
    _sqlite_refuse("transfers_by_posting", moved, _not_what_postings_say(), "money is moved by a posting")


def _not_what_postings_say() -> str:
    """SQLite does not say who asks, so the places are compared with the postings: two or three a transfer.

    By this index, whatever statistics say: where most orders were paid before the city moved in, most of it is NULL, and
    the whole table would be read each time.
    """
    sums = ", ".join(
        f"COALESCE(SUM(CASE WHEN moved_to = '{place}' THEN amount WHEN moved_from = '{place}' THEN -amount END), 0)"
        f" AS {place}"
        for place in PLACES
    )
    differ = " OR ".join(f"said.{place} <> NEW.{place}" for place in PLACES)
    postings = "postings INDEXED BY ix_postings_transfer_id"
    return f"EXISTS (SELECT 1 FROM (SELECT {sums} FROM {postings} WHERE transfer_id = NEW.id) AS said WHERE {differ})"


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    message = message.replace("'", "''")
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql() -> None:
    _postgresql_refuse(
        "chain_links_append_only", "UPDATE OR DELETE ON chain_links", "true", "chain_links is append-only"
    )
    for name, right in SHAPE.items():
        op.execute(f"ALTER TABLE postings ADD CONSTRAINT ck_postings_{name} CHECK ({right.format(row='')})")
    _postgresql_refuse("postings_its_own", "INSERT ON postings", NOT_ITS_OWN, "a posting of another allocation")
    _postgresql_refuse("allocations_reverse", "INSERT ON allocations", NOT_OF_IT, "a reversal of something else")
    sum_ = SUM.format(row="NEW")
    _postgresql_refuse("transfers_born_empty", "INSERT ON transfers", f"{sum_} <> 0", "money comes in by a posting")
    places = SUM.replace("{row}.", "")
    op.execute(f"ALTER TABLE transfers ADD CONSTRAINT ck_transfers_add_up CHECK ({places} IN (0, amount))")
    # The trigger on postings, which moves money, is one deep; who writes by hand is not.
    op.execute(
        "CREATE FUNCTION transfers_by_posting() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'money is moved by a posting' USING ERRCODE = '23514'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER transfers_by_posting BEFORE UPDATE OF {KEPT} ON transfers FOR EACH ROW"
        " WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION transfers_by_posting()"
    )


def _postgresql_refuse(name: str, moment: str, when: str, message: str) -> None:
    """A check violation (23514), so that the driver reports it as one of integrity."""
    message = message.replace("'", "''")
    last = "OLD" if "DELETE" in moment else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF; RETURN {last}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
