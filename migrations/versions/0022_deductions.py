"""What of an order was not handed over need not be paid: deductions, and what an order owes less them

Revision 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = "deductions is append-only"

PAID = "(SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE order_id = NEW.{order})"
UNPAID = f"NEW.state = 'confirmed' AND {PAID.format(order='id')} < NEW.total - NEW.deducted"
OVERPAID = (
    f"{PAID.format(order='order_id')} + NEW.amount"
    " NOT BETWEEN 0 AND (SELECT total - deducted FROM orders WHERE id = NEW.order_id)"
)
OWING = f"{PAID.format(order='order_id')} < (SELECT total - deducted FROM orders WHERE id = NEW.order_id)"
# The guards of 0002 in these new words; on PostgreSQL they look up by index, as 0006 has it.
AGAIN = (
    ("orders_paid", UNPAID, "an unpaid order cannot be confirmed"),
    ("allocations_within_total", OVERPAID, "more than the order owes"),
    ("parcels_paid", OWING, "an unpaid order cannot be sent"),
)
ON = {
    "orders_paid": ("INSERT ON orders", "UPDATE OF state ON orders"),
    "allocations_within_total": ("INSERT ON allocations",),
    "parcels_paid": ("INSERT ON parcels",),
}
BY_INDEX = "SET enable_seqscan = off"

NOT_OF_A_LINE = """NOT EXISTS (
    SELECT 1 FROM order_lines l JOIN orders o ON o.id = l.order_id
    WHERE l.id = NEW.line_id AND l.order_id = NEW.order_id AND l.supplier_id = NEW.supplier_id
    AND o.dispatched_at IS NOT NULL AND NEW.quantity <= l.quantity
)"""
NOT_OF_IT = """NEW.reverses_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM deductions d
    WHERE d.id = NEW.reverses_id AND d.amount = -NEW.amount AND d.line_id = NEW.line_id AND d.quantity = NEW.quantity
)"""
OVER_LINE = (
    "(SELECT SUM(amount) FROM deductions WHERE line_id = NEW.line_id)"
    " NOT BETWEEN 0 AND (SELECT quantity * unit_price FROM order_lines WHERE id = NEW.line_id)"
)
STILL_PAID = (
    "(SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE order_id = NEW.order_id)"
    " > (SELECT total - deducted FROM orders WHERE id = NEW.order_id)"
)
NOT_WHAT_THEY_SAY = "NEW.deducted <> (SELECT COALESCE(SUM(amount), 0) FROM deductions WHERE order_id = NEW.id)"
KEEP = (
    "UPDATE orders SET deducted = (SELECT SUM(amount) FROM deductions WHERE order_id = NEW.order_id)"
    " WHERE id = NEW.order_id"
)
BEFORE = (
    ("deductions_of_a_line", "INSERT ON deductions", NOT_OF_A_LINE, "a deduction is of a line that has left"),
    ("deductions_reverse", "INSERT ON deductions", NOT_OF_IT, "a reversal of something else"),
    ("orders_deducted", "UPDATE OF deducted ON orders", NOT_WHAT_THEY_SAY, "money is deducted by a deduction"),
    ("orders_born_whole", "INSERT ON orders", "NEW.deducted <> 0", "money is deducted by a deduction"),
)
OVER = "more than the line came to"
FREE_IT = "what is deducted is taken back from the order first"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE orders ADD COLUMN deducted BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_orders_deducted_within_total CHECK (deducted BETWEEN 0 AND total)"
    )
    op.create_table(
        "deductions",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("line_id", sa.BigInteger(), sa.ForeignKey("order_lines.id"), nullable=False),
        sa.Column("supplier_id", sa.Integer(), sa.ForeignKey("suppliers.id"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reverses_id", BIG_ID, sa.ForeignKey("deductions.id"), nullable=True, unique=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount <> 0 AND (amount > 0) = (reverses_id IS NULL)", name="only_reversals_negative"),
        sa.CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    )
    for column in ("order_id", "line_id"):
        op.create_index(f"ix_deductions_{column}", "deductions", [column])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    for name in ("orders_paid_inserted", "orders_paid_updated", "allocations_within_total", "parcels_paid"):
        op.execute(f"DROP TRIGGER {name}")
    for name, when, message in AGAIN:
        for number, moment in enumerate(ON[name]):
            suffix = ("_inserted", "_updated")[number] if len(ON[name]) > 1 else ""
            _sqlite_refuse(name + suffix, moment, when, message)
    for verb in ("UPDATE", "DELETE"):
        _sqlite_refuse(f"deductions_{verb.lower()}", f"{verb} ON deductions", "1", APPEND_ONLY)
    for key in ("id", "reverses_id"):
        taken = f"EXISTS (SELECT 1 FROM deductions WHERE {key} = NEW.{key})"
        _sqlite_refuse(f"deductions_replace_{key}", "INSERT ON deductions", taken, APPEND_ONLY)
    for guard in BEFORE:
        _sqlite_refuse(*guard)
    op.execute(
        f"""
        CREATE TRIGGER deductions_keep AFTER INSERT ON deductions
        BEGIN
            {KEEP};
            SELECT RAISE(ABORT, '{OVER}') WHERE {OVER_LINE};
            SELECT RAISE(ABORT, '{FREE_IT}') WHERE {STILL_PAID};
        END
        """
    )


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    message = message.replace("'", "''")
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql() -> None:
    for name, when, message in AGAIN:
        op.execute(_function(name, when, message, replace=True))
        op.execute(f"ALTER FUNCTION {name}() {BY_INDEX}")
    _postgresql_refuse("deductions_append_only", "UPDATE OR DELETE ON deductions", "true", APPEND_ONLY)
    for guard in BEFORE:
        _postgresql_refuse(*guard)
    # The order's row is held first, so that of two at once the second sees what the first wrote. Rows of one statement
    # are all there when the first of them is counted.
    op.execute(
        f"""
        CREATE FUNCTION deductions_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM 1 FROM orders WHERE id = NEW.order_id FOR UPDATE;
            {KEEP};
            IF {OVER_LINE} THEN RAISE EXCEPTION '{OVER}' USING ERRCODE = '23514'; END IF;
            IF {STILL_PAID} THEN RAISE EXCEPTION '{FREE_IT}' USING ERRCODE = '23514'; END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER deductions_keep AFTER INSERT ON deductions FOR EACH ROW EXECUTE FUNCTION deductions_keep()"
    )
    for name in ("deductions_keep", "orders_deducted"):
        op.execute(f"ALTER FUNCTION {name}() {BY_INDEX}")


def _function(name: str, when: str, message: str, *, replace: bool = False, last: str = "NEW") -> str:
    """A check violation (23514), so that the driver reports it as one of integrity."""
    message = message.replace("'", "''")
    create = "CREATE OR REPLACE" if replace else "CREATE"
    return (
        f"{create} FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF; RETURN {last}; END $$"
    )


def _postgresql_refuse(name: str, moment: str, when: str, message: str) -> None:
    op.execute(_function(name, when, message, last="OLD" if "DELETE" in moment else "NEW"))
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
