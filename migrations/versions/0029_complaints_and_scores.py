"""Complaints about what was brought, what became of them, and a score of each batch

Revision 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WAITS = sa.text("state = 'waiting'")
BY_HAND = sa.text("outside > 0 AND done_at IS NULL AND undone_at IS NULL")
PART = sa.text("coalesce(line_id, 0)")
TOLD = "id, order_id, parcel_id, supplier_id, line_id, item, kind, source, door_key, attempt, told_by, at"
DECIDED = "state decided_by decided_at amount outside"
OVER = "done_by done_at done_because undone_by undone_at undone_because"
NOT_OF_THE_PARCEL = """NOT EXISTS (
    SELECT 1 FROM parcels p WHERE p.id = NEW.parcel_id AND p.order_id = NEW.order_id AND p.supplier_id = NEW.supplier_id
) OR (NEW.line_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM order_lines l
    WHERE l.id = NEW.line_id AND l.order_id = NEW.order_id AND l.supplier_id = NEW.supplier_id
))"""


def differs(columns: str) -> str:
    """One of them becomes another, with NULL a value like others."""
    return " OR ".join(f"NEW.{each} IS DISTINCT FROM OLD.{each}" for each in columns.split())


REPLIED_LATE = "(OLD.state <> 'waiting' AND NEW.replied_at IS NOT NULL AND OLD.replied_at IS NULL)"
REPLIED_TWICE = "(OLD.replied_at IS NOT NULL AND ({} OR NEW.reply NOT IN ('', OLD.reply)))".format(
    differs("replied_by replied_at")
)
GUARDS = (
    ("complaints_of_the_parcel", "INSERT ON complaints", NOT_OF_THE_PARCEL, "it is about nothing that came"),
    ("complaints_begin", "INSERT ON complaints", "NEW.state <> 'waiting'", "a complaint begins by waiting"),
    ("complaints_frozen", f"UPDATE OF {TOLD} ON complaints", "1 = 1", "what was complained of is never changed"),
    (
        "complaints_forgotten",
        "UPDATE OF words, photo ON complaints",
        "NEW.words NOT IN ('', OLD.words) OR NEW.photo NOT IN ('', OLD.photo)",
        "what was complained of is only forgotten",
    ),
    (
        "complaints_decided",
        "UPDATE ON complaints",
        f"OLD.state <> 'waiting' AND ({differs(DECIDED)} OR NEW.answer NOT IN ('', OLD.answer))",
        "it was decided already",
    ),
    (
        "complaints_over",
        "UPDATE ON complaints",
        f"(OLD.done_at IS NOT NULL OR OLD.undone_at IS NOT NULL) AND ({differs(OVER)})",
        "it is over already",
    ),
    (
        "complaints_replied",
        "UPDATE OF reply, replied_by, replied_at ON complaints",
        f"{REPLIED_LATE} OR {REPLIED_TWICE}",
        "the supplier answers once, before it is decided",
    ),
    ("complaints_delete", "DELETE ON complaints", "1 = 1", "a complaint is never deleted"),
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    _complaints()
    _entries()
    _scores()
    refuse = _sqlite_refuse if sqlite else _postgresql_refuse
    for guard in GUARDS:
        refuse(*guard)
    if sqlite:
        _sqlite_never_replaced()
    else:
        refuse("complaint_entries_append_only", "UPDATE OR DELETE ON complaint_entries", "1 = 1", "it only grows")


def _complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("parcel_id", sa.BigInteger(), sa.ForeignKey("parcels.id"), nullable=False),
        sa.Column("supplier_id", sa.Integer(), sa.ForeignKey("suppliers.id"), nullable=False),
        sa.Column("line_id", sa.BigInteger(), sa.ForeignKey("order_lines.id"), nullable=True),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("photo", sa.String(), server_default="", nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("door_key", sa.String(36), nullable=True),
        sa.Column("attempt", sa.String(), nullable=True, unique=True),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(20), server_default="waiting", nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outside", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_because", sa.String(), server_default="", nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_because", sa.String(), server_default="", nullable=False),
        sa.Column("reply", sa.String(), server_default="", nullable=False),
        sa.Column("replied_by", sa.String(), nullable=True),
        sa.Column("replied_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_in_its_time"),
        sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_with_a_name"),
        sa.CheckConstraint("(state = 'accepted') = (amount > 0)", name="accepted_with_a_sum"),
        sa.CheckConstraint("outside BETWEEN 0 AND amount", name="outside_within_the_sum"),
        sa.CheckConstraint("done_at IS NULL OR (outside > 0 AND done_by IS NOT NULL)", name="done_with_a_name"),
        sa.CheckConstraint(
            "undone_at IS NULL OR (state = 'accepted' AND undone_by IS NOT NULL AND done_at IS NULL)",
            name="undone_with_a_name",
        ),
        sa.CheckConstraint("(replied_by IS NULL) = (replied_at IS NULL)", name="replied_with_a_name"),
        sa.CheckConstraint("(source = 'courier') = (door_key IS NOT NULL)", name="courier_with_a_key"),
    )
    for column in ("order_id", "parcel_id", "door_key"):
        op.create_index(f"ix_complaints_{column}", "complaints", [column])
    op.create_index("ix_complaints_supplier_id_id", "complaints", ["supplier_id", "id"])
    op.create_index("ix_complaints_waiting", "complaints", ["id"], postgresql_where=WAITS, sqlite_where=WAITS)
    op.create_index("ix_complaints_by_hand", "complaints", ["id"], postgresql_where=BY_HAND, sqlite_where=BY_HAND)
    op.create_index(
        "uq_complaints_waiting",
        "complaints",
        ["parcel_id", PART, "item"],
        unique=True,
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
    standing = sa.text("state <> 'withdrawn'")
    op.create_index(
        "uq_complaints_door",
        "complaints",
        ["door_key", PART, "item"],
        unique=True,
        postgresql_where=standing,
        sqlite_where=standing,
    )


def _entries() -> None:
    op.create_table(
        "complaint_entries",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("complaint_id", sa.Integer(), sa.ForeignKey("complaints.id"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("deduction_id", sa.BigInteger(), sa.ForeignKey("deductions.id"), nullable=True, unique=True),
        sa.Column("refund_id", sa.Integer(), sa.ForeignKey("refunds.id"), nullable=True, unique=True),
        sa.CheckConstraint("(deduction_id IS NULL) <> (refund_id IS NULL)", name="one_of_both"),
    )
    op.create_index("ix_complaint_entries_complaint_id", "complaint_entries", ["complaint_id"])


def _scores() -> None:
    counts = ("stops", "delivered", "on_time", "failed", "short", "complaints", "upheld")
    op.create_table(
        "supplier_scores",
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batches.id"), primary_key=True, autoincrement=False),
        sa.Column("supplier_id", sa.Integer(), sa.ForeignKey("suppliers.id"), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        *(sa.Column(each, sa.Integer(), nullable=False) for each in counts),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.CheckConstraint("on_time BETWEEN 0 AND delivered AND delivered + failed <= stops", name="stops_add_up"),
        sa.CheckConstraint("upheld BETWEEN 0 AND complaints", name="upheld_of_complaints"),
    )
    op.create_index("ix_supplier_scores_supplier_id_delivery_on", "supplier_scores", ["supplier_id", "delivery_on"])
    op.create_index("ix_supplier_scores_delivery_on", "supplier_scores", ["delivery_on"])
    op.create_index("ix_rounds_delivery_on", "rounds", ["delivery_on"])


def _sqlite_never_replaced() -> None:
    """What only grows is neither changed nor written over."""
    for verb in ("UPDATE", "DELETE"):
        _sqlite_refuse(f"complaint_entries_{verb.lower()}", f"{verb} ON complaint_entries", "1 = 1", "it only grows")
    keys = {"complaints": ("id", "attempt"), "complaint_entries": ("id", "deduction_id", "refund_id")}
    for table, columns in keys.items():
        for column in columns:
            taken = f"EXISTS (SELECT 1 FROM {table} WHERE {column} = NEW.{column})"
            _sqlite_refuse(f"{table}_replace_{column}", f"INSERT ON {table}", taken, "it is written already")
    part = "coalesce(line_id, 0) = coalesce(NEW.line_id, 0) AND item = NEW.item"
    for name, same in (
        ("waiting", "parcel_id = NEW.parcel_id AND state = 'waiting'"),
        ("door", "door_key = NEW.door_key AND state <> 'withdrawn'"),
    ):
        taken = f"EXISTS (SELECT 1 FROM complaints WHERE {same} AND {part})"
        _sqlite_refuse(f"complaints_replace_{name}", "INSERT ON complaints", taken, "it is written already")


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    when = when.replace(" IS DISTINCT FROM ", " IS NOT ")
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql_refuse(name: str, moment: str, when: str, message: str) -> None:
    last = "OLD" if "DELETE" in moment else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF; RETURN {last}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
