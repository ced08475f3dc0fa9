"""Purchase orders with each batch, and settlements in which each delivered parcel stands once

Revision 0024, after 0022.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0022"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("acknowledged_at IS NULL")
OPEN = sa.text("state IN ('draft', 'put_back')")
UNPAID = sa.text("state = 'agreed' AND debit_id IS NULL")
TO_SETTLE = sa.text("to_settle")

LINES = "SELECT COALESCE(SUM(l.quantity * l.unit_price), 0) FROM parcels p JOIN order_lines l"
LINES += " ON l.order_id = p.order_id AND l.supplier_id = p.supplier_id WHERE"
NEVER = "id number batch_id supplier_id amount made_at snapshot sha256".split()
AGREED = (
    "id number supplier_id begins_on ends_on state version drawn_by drawn_name drawn_at amount deducted net office_by"
    " office_name office_at supplier_by supplier_name supplier_at snapshot sha256 agreed_at"
).split()


def changed(columns: list[str]) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


def sum_of(column: str) -> str:
    return f"COALESCE((SELECT SUM({column}) FROM settlement_lines WHERE settlement_id = NEW.id), 0)"


# Table, moment, what must not be, and what is then said. Each is kept on both databases.
GUARDS = (
    ("purchase_orders", "DELETE", "1 = 1", "a purchase order stays"),
    (
        "purchase_orders",
        "UPDATE",
        f"OLD.acknowledged_at IS NOT NULL OR NEW.acknowledged_at IS NULL OR {changed(NEVER)}",
        "a purchase order is acknowledged once, and never changes",
    ),
    (
        "purchase_orders",
        "INSERT",
        (
            "NEW.acknowledged_at IS NOT NULL OR NOT EXISTS"
            " (SELECT 1 FROM batches WHERE id = NEW.batch_id AND supplier_id = NEW.supplier_id)"
            f" OR NEW.amount <> ({LINES} p.batch_id = NEW.batch_id)"
        ),
        "a purchase order is what its batch takes",
    ),
    ("purchase_events", "UPDATE", "1 = 1", "purchase_events is append-only"),
    ("purchase_events", "DELETE", "1 = 1", "purchase_events is append-only"),
    ("settlement_events", "UPDATE", "1 = 1", "settlement_events is append-only"),
    ("settlement_events", "DELETE", "1 = 1", "settlement_events is append-only"),
    ("settlements", "DELETE", "1 = 1", "a settlement stays"),
    ("settlements", "INSERT", "NEW.state <> 'draft'", "a settlement begins as a draft"),
    (
        "settlements",
        "UPDATE",
        (
            f"(OLD.state = 'agreed' AND ({changed(AGREED)})) OR (OLD.state = 'dropped')"
            " OR (OLD.state <> 'agreed' AND NEW.state = 'agreed' AND (OLD.state <> 'draft'"
            f" OR NEW.net <> {sum_of('net')} OR NEW.amount <> {sum_of('amount - was_amount')}))"
            " OR (NEW.debit_id IS NOT NULL AND NEW.debit_id <> COALESCE(OLD.debit_id, 0) AND NOT EXISTS"
            " (SELECT 1 FROM debits WHERE id = NEW.debit_id AND kind = 'supplier'))"
        ),
        "what is agreed stays, and is paid by a debit to a supplier",
    ),
    ("settlement_lines", "UPDATE", "1 = 1", "a line of a settlement never changes"),
    (
        "settlement_lines",
        "DELETE",
        (
            "EXISTS (SELECT 1 FROM settlements WHERE id = OLD.settlement_id AND state = 'agreed')"
            " OR EXISTS (SELECT 1 FROM settlement_lines WHERE parcel_id = OLD.parcel_id AND turn > OLD.turn)"
        ),
        "what is agreed stays",
    ),
    (
        "settlement_lines",
        "INSERT",
        (
            "NOT EXISTS (SELECT 1 FROM settlements s JOIN parcels p ON p.supplier_id = s.supplier_id"
            " WHERE s.id = NEW.settlement_id AND s.state = 'draft' AND p.id = NEW.parcel_id)"
            " OR NOT ((NEW.turn = 1 AND NEW.was_amount = 0 AND NEW.was_deducted = 0) OR EXISTS"
            " (SELECT 1 FROM settlement_lines WHERE parcel_id = NEW.parcel_id AND turn = NEW.turn - 1"
            " AND amount = NEW.was_amount AND deducted = NEW.was_deducted))"
            f" OR (NEW.amount <> 0 AND NEW.amount <> ({LINES} p.id = NEW.parcel_id AND p.state = 'delivered'))"
        ),
        "a parcel is settled once, as delivered, by its own supplier; after that only what changed",
    ),
)
KEYS = {
    "purchase_orders": ("id", "number", "batch_id"),
    "purchase_events": ("id",),
    "settlements": ("id", "number"),
    "settlement_events": ("id",),
    "settlement_lines": ("id", "parcel_id, turn"),
}
# Whose parcels somebody must look at when the next settlement is drawn up: few, however long the history.
TOUCH = "UPDATE parcels SET to_settle = {value} WHERE {which}"
TOUCHES = (
    (
        "deductions",
        "INSERT",
        TOUCH.format(value="true", which="order_id = NEW.order_id AND supplier_id = NEW.supplier_id"),
    ),
    ("settlement_lines", "INSERT", TOUCH.format(value="false", which="id = NEW.parcel_id")),
    ("settlement_lines", "DELETE", TOUCH.format(value="true", which="id = OLD.parcel_id")),
)
DELIVERY = "OLD.state <> NEW.state AND 'delivered' IN (OLD.state, NEW.state)"


def upgrade() -> None:
    _purchase_orders()
    _settlements()
    _settlement_lines()
    _events("purchase_events", "purchase_order_id", "purchase_orders.id")
    _events("settlement_events", "settlement_id", "settlements.id", because=True)
    op.add_column("parcels", sa.Column("to_settle", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE parcels SET to_settle = true WHERE state = 'delivered'")
    op.create_index(
        "ix_parcels_to_settle", "parcels", ["supplier_id"], postgresql_where=TO_SETTLE, sqlite_where=TO_SETTLE
    )
    to_suppliers = sa.text("kind = 'supplier'")
    op.create_index(
        "ix_debits_supplier", "debits", ["amount"], postgresql_where=to_suppliers, sqlite_where=to_suppliers
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, moment, wrong, told in GUARDS:
        (_sqlite_refuse if sqlite else _postgresql_refuse)(
            f"{table}_{moment.lower()}", f"{moment} ON {table}", wrong, told
        )
    for table, keys in KEYS.items() if sqlite else ():
        for number, key in enumerate(keys):
            same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
            taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
            _sqlite_refuse(f"{table}_replace_{number}", f"INSERT ON {table}", taken, f"{table}: nothing is replaced")
    (_sqlite_touches if sqlite else _postgresql_touches)()


def _purchase_orders() -> None:
    op.create_table(
        "purchase_orders",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("number", sa.String(), nullable=False, unique=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batches.id"), nullable=False, unique=True),
        sa.Column("supplier_id", sa.Integer(), sa.ForeignKey("suppliers.id"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("snapshot", JSON, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        *_by_whom("acknowledged"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)"
            " AND (acknowledged_at IS NULL) = (acknowledged_name IS NULL)",
            name="acknowledged_by_somebody",
        ),
    )
    both = ["supplier_id", "id"]
    op.create_index(
        "ix_purchase_orders_waiting", "purchase_orders", both, postgresql_where=WAITING, sqlite_where=WAITING
    )
    op.create_index("ix_purchase_orders_supplier_id", "purchase_orders", both)


def _by_whom(deed: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(f"{deed}_by", sa.String(), nullable=True),
        sa.Column(f"{deed}_name", sa.String(), nullable=True),
        sa.Column(f"{deed}_at", MOMENT, nullable=True),
    ]


def _settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("number", sa.String(), nullable=False, unique=True),
        sa.Column("supplier_id", sa.Integer(), sa.ForeignKey("suppliers.id"), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("drawn_name", sa.String(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount", "deducted", "net")),
        *_by_whom("office"),
        *_by_whom("supplier"),
        sa.Column("snapshot", JSON, nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("debit_id", BIG_ID, sa.ForeignKey("debits.id"), nullable=True, unique=True),
        sa.Column("paid_by", sa.String(), nullable=True),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("paid_because", sa.String(), nullable=False, server_default=""),
        sa.CheckConstraint("begins_on <= ends_on", name="a_period"),
        sa.CheckConstraint("net = amount - deducted", name="adds_up"),
        sa.CheckConstraint("state IN ('draft', 'put_back', 'agreed', 'dropped')", name="known_state"),
        *(
            sa.CheckConstraint(
                f"({side}_at IS NULL) = ({side}_by IS NULL) AND ({side}_at IS NULL) = ({side}_name IS NULL)",
                name=f"{side}_with_a_name",
            )
            for side in ("office", "supplier")
        ),
        sa.CheckConstraint(
            "(state = 'agreed') = (sha256 IS NOT NULL) AND (state = 'agreed') = (agreed_at IS NOT NULL)"
            " AND (state <> 'agreed' OR office_at IS NOT NULL AND supplier_at IS NOT NULL)",
            name="agreed_by_both",
        ),
        sa.CheckConstraint(
            "(debit_id IS NULL) = (paid_at IS NULL) AND (debit_id IS NULL OR state = 'agreed')", name="paid_if_agreed"
        ),
    )
    op.create_index(
        "uq_settlements_open", "settlements", ["supplier_id"], unique=True, postgresql_where=OPEN, sqlite_where=OPEN
    )
    op.create_index("ix_settlements_unpaid", "settlements", ["id"], postgresql_where=UNPAID, sqlite_where=UNPAID)
    op.create_index("ix_settlements_supplier_id", "settlements", ["supplier_id", "id"])


def _settlement_lines() -> None:
    op.create_table(
        "settlement_lines",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("settlement_id", BIG_ID, sa.ForeignKey("settlements.id"), nullable=False),
        sa.Column("parcel_id", BIG_ID, sa.ForeignKey("parcels.id"), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("amount", "deducted", "was_amount", "was_deducted", "net")
        ),
        sa.Column("goods", JSON, nullable=False),
        sa.UniqueConstraint("parcel_id", "turn"),
        sa.CheckConstraint("turn > 0", name="turn_positive"),
        sa.CheckConstraint("deducted >= 0 AND deducted <= amount", name="deducted_within_amount"),
        sa.CheckConstraint("amount <> was_amount OR deducted <> was_deducted", name="changes_something"),
        sa.CheckConstraint("net = amount - deducted - was_amount + was_deducted", name="adds_up"),
    )
    op.create_index("ix_settlement_lines_settlement_id", "settlement_lines", ["settlement_id", "id"])


def _events(table: str, column: str, of: str, *, because: bool = False) -> None:
    op.create_table(
        table,
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column(column, BIG_ID, sa.ForeignKey(of), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("because", "sha256") if because),
    )
    op.create_index(f"ix_{table}_{column}", table, [column])


def _sqlite_refuse(name: str, moment: str, wrong: str, told: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{told}'); END")


def _postgresql_refuse(name: str, moment: str, wrong: str, told: str) -> None:
    """A check violation (23514), so that the driver reports it as one of integrity."""
    last = "OLD" if "DELETE" in moment else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}_guard() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {wrong} THEN RAISE EXCEPTION '{told}' USING ERRCODE = '23514'; END IF; RETURN {last}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}_guard()")


def _sqlite_touches() -> None:
    mark = TOUCH.format(value="true", which="id = NEW.id")
    op.execute(f"CREATE TRIGGER parcels_to_settle AFTER UPDATE OF state ON parcels WHEN {DELIVERY} BEGIN {mark}; END")
    for table, moment, touch in TOUCHES:
        op.execute(f"CREATE TRIGGER {table}_{moment.lower()}_touch AFTER {moment} ON {table} BEGIN {touch}; END")


def _postgresql_touches() -> None:
    op.execute(
        "CREATE FUNCTION parcels_to_settle() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {DELIVERY} THEN NEW.to_settle := true; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER parcels_to_settle BEFORE UPDATE OF state ON parcels"
        " FOR EACH ROW EXECUTE FUNCTION parcels_to_settle()"
    )
    for table, moment, touch in TOUCHES:
        name = f"{table}_{moment.lower()}_touch"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {touch}; RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} AFTER {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
