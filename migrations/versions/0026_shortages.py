"""What each resident wants where something is missing; shortages, how they were shared out, and what became of them

Revision 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY = ("shortage_shares", "shortage_steps", "shortage_entries")
KEYS = {"shortage_entries": ("id", "deduction_id", "refund_id"), "shortage_shares": ("id", "shortage_id, line_id")}
CALLS = sa.text("calls_waiting > 0")
BY_HAND = sa.text("done_at IS NULL AND withdrawn_at IS NULL")
DECLARED = 'id, batch_id, supplier_id, item, unit, measure, missing, instead, because, rule, attempt, "by", at'
MORE_THAN_ORDERED = """NOT EXISTS (
    SELECT 1 FROM order_lines l JOIN shortages s ON s.id = NEW.shortage_id
    WHERE l.id = NEW.line_id AND l.order_id = NEW.order_id AND l.supplier_id = s.supplier_id
    AND NEW.portions <= l.quantity
)"""
GUARDS = (
    (
        "shortages_frozen",
        f"UPDATE OF {DECLARED} ON shortages",
        "1 = 1",
        "what was declared is never changed",
    ),
    ("shortages_withdrawn", "UPDATE ON shortages", "OLD.withdrawn_at IS NOT NULL", "it was taken back already"),
    ("shortages_delete", "DELETE ON shortages", "1 = 1", "a shortage is never deleted"),
    (
        "returns_by_hand_frozen",
        "UPDATE OF id, shortage_id, order_id, amount ON returns_by_hand",
        "1 = 1",
        "what is to be given back is never changed",
    ),
    (
        "returns_by_hand_done",
        "UPDATE ON returns_by_hand",
        "OLD.done_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL",
        "it is over already",
    ),
    ("returns_by_hand_delete", "DELETE ON returns_by_hand", "1 = 1", "it is never deleted"),
    (
        "shortage_shares_within_line",
        "INSERT ON shortage_shares",
        MORE_THAN_ORDERED,
        "more is missing than was ordered",
    ),
)


def upgrade() -> None:
    op.execute(
        "ALTER TABLE orders ADD COLUMN if_short VARCHAR(20) DEFAULT 'refund' NOT NULL"
        " CONSTRAINT ck_orders_if_short_known CHECK (if_short IN ('equivalent', 'refund', 'call'))"
    )
    _shortages()
    _what_became_of_them()
    _by_hand()
    _settings()
    sqlite = op.get_bind().dialect.name == "sqlite"
    refuse = _sqlite_refuse if sqlite else _postgresql_refuse
    for table in APPEND_ONLY:
        if sqlite:
            _sqlite_append_only(table)
        else:
            refuse(f"{table}_append_only", f"UPDATE OR DELETE ON {table}", "1 = 1", f"{table} is append-only")
    for guard in GUARDS:
        refuse(*guard)


def _shortages() -> None:
    op.create_table(
        "shortages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("supplier_id", sa.Integer(), sa.ForeignKey("suppliers.id"), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("attempt", sa.String(), nullable=True, unique=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("calls_waiting", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=False, server_default=""),
        sa.CheckConstraint("missing > 0", name="something_missing"),
        sa.CheckConstraint("calls_waiting >= 0", name="calls_not_negative"),
        sa.CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_with_a_name"),
    )
    op.create_index("ix_shortages_batch_id", "shortages", ["batch_id"])
    op.create_index("ix_shortages_calls", "shortages", ["id"], postgresql_where=CALLS, sqlite_where=CALLS)


def _what_became_of_them() -> None:
    op.create_table(
        "shortage_shares",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("shortage_id", sa.Integer(), sa.ForeignKey("shortages.id"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("line_id", sa.BigInteger(), sa.ForeignKey("order_lines.id"), nullable=False),
        sa.Column("portions", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.UniqueConstraint("shortage_id", "line_id"),
        sa.CheckConstraint("portions > 0 AND quantity > 0", name="something_missing"),
    )
    for column in ("order_id", "line_id"):
        op.create_index(f"ix_shortage_shares_{column}", "shortage_shares", [column])
    op.create_table(
        "shortage_steps",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("shortage_id", sa.Integer(), sa.ForeignKey("shortages.id"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("became", sa.String(20), nullable=False),
        sa.Column("instead", sa.String(), nullable=False, server_default=""),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("because", sa.String(), nullable=False),
    )
    op.create_index("ix_shortage_steps_shortage_id_order_id", "shortage_steps", ["shortage_id", "order_id"])
    op.create_table(
        "shortage_entries",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("shortage_id", sa.Integer(), sa.ForeignKey("shortages.id"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("deduction_id", sa.BigInteger(), sa.ForeignKey("deductions.id"), nullable=True, unique=True),
        sa.Column("refund_id", sa.Integer(), sa.ForeignKey("refunds.id"), nullable=True, unique=True),
        sa.CheckConstraint("(deduction_id IS NULL) <> (refund_id IS NULL)", name="one_of_both"),
    )
    op.create_index("ix_shortage_entries_shortage_id", "shortage_entries", ["shortage_id"])


def _by_hand() -> None:
    op.create_table(
        "returns_by_hand",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("shortage_id", sa.Integer(), sa.ForeignKey("shortages.id"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("because", sa.String(), nullable=False, server_default=""),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.UniqueConstraint("shortage_id", "order_id"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("(done_by IS NULL) = (done_at IS NULL)", name="done_with_a_name"),
        sa.CheckConstraint("done_at IS NULL OR withdrawn_at IS NULL", name="done_or_withdrawn"),
    )
    op.create_index(
        "ix_returns_by_hand_waiting", "returns_by_hand", ["id"], postgresql_where=BY_HAND, sqlite_where=BY_HAND
    )


def _settings() -> None:
    op.create_table(
        "item_prices",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.UniqueConstraint("name", "unit"),
        sa.CheckConstraint("price > 0", name="price_positive"),
    )
    op.create_table(
        "sharing_rule",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.execute("INSERT INTO sharing_rule (id, rule) VALUES (1, 'payment')")


def _sqlite_append_only(table: str) -> None:
    message = f"{table} is append-only"
    for verb in ("UPDATE", "DELETE"):
        _sqlite_refuse(f"{table}_{verb.lower()}", f"{verb} ON {table}", "1 = 1", message)
    for number, key in enumerate(KEYS.get(table, ("id",))):
        same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        _sqlite_refuse(f"{table}_replace_{number}", f"INSERT ON {table}", taken, message)


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql_refuse(name: str, moment: str, when: str, message: str) -> None:
    last = "OLD" if "DELETE" in moment else "NEW"
    moment = moment.replace(" by,", ' "by",')
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF; RETURN {last}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
