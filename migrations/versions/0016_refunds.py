"""Refunds: proposed by one, approved by another, exported in batches, seen in a statement

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True)
PAYEE = "bank_bin, account, name, other_account_reason, named_by, named_at"
CHECKS = {
    "takes_something": "amount > 0 AND taken_from IN ('unplaced', 'credit')",
    "four_eyes": (
        "state <> 'applied' OR (named_by IS NOT NULL AND named_by <> decided_by AND proposed_by <> decided_by)"
    ),
    "decided_with_a_name": (
        "(state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)"
    ),
    "named_whole": (
        "(named_by IS NULL) = (named_at IS NULL) AND (named_by IS NULL OR forgotten_at IS NOT NULL"
        " OR (bank_bin <> '' AND account <> '' AND name <> ''))"
    ),
    "exported_when_approved": "batch_id IS NULL OR state = 'applied'",
    "paid_when_approved": (
        "(debit_id IS NULL) = (paid_at IS NULL) AND (debit_id IS NULL OR (state = 'applied' AND stopped_at IS NULL))"
    ),
    "stopped_with_a_name": (
        "(stopped_by IS NULL) = (stopped_at IS NULL) AND (stopped_at IS NULL OR state = 'applied')"
    ),
}
INDEXES = {
    "waiting": "state = 'proposed'",
    "to_export": "state = 'applied' AND batch_id IS NULL AND stopped_at IS NULL",
    "remembered": "forgotten_at IS NULL",
    "exported": "batch_id IS NOT NULL AND debit_id IS NULL AND stopped_at IS NULL",
}
# What was asked for never changes; to which account, no more once it is decided, but for being forgotten.
GUARDS = (
    (
        "refunds_frozen",
        "UPDATE OF id, transfer_id, order_id, amount, taken_from, code, proposed_by, proposed_at, because ON refunds",
        "1 = 1",
        "what was proposed is never changed",
    ),
    (
        "refunds_decided",
        "UPDATE OF state, decided_by, decided_at, answer ON refunds",
        "OLD.state <> 'proposed'",
        "it is decided already",
    ),
    (
        "refunds_payee",
        f"UPDATE OF {PAYEE} ON refunds",
        "OLD.state <> 'proposed' AND (NEW.forgotten_at IS NULL OR NEW.account <> '' OR NEW.name <> '')",
        "whom it goes to is never changed once it is decided",
    ),
    (
        "refunds_batched",
        "UPDATE OF batch_id ON refunds",
        "OLD.batch_id IS NOT NULL AND (NEW.batch_id IS NOT NULL OR OLD.debit_id IS NOT NULL)",
        "it is in a batch already, or was paid from it",
    ),
    (
        "refund_batches_frozen",
        "UPDATE OF id, account_id, attempt, size, total, made_by, made_at ON refund_batches",
        "1 = 1",
        "a batch is never changed",
    ),
    (
        "refund_batches_cancelled",
        "UPDATE ON refund_batches",
        "OLD.cancelled_at IS NOT NULL",
        "it is cancelled already",
    ),
    ("refunds_delete", "DELETE ON refunds", "1 = 1", "a refund is never deleted"),
    ("refund_batches_delete", "DELETE ON refund_batches", "1 = 1", "a batch is never deleted"),
)


def upgrade() -> None:
    _batches()
    _refunds()
    for name, where in INDEXES.items():
        op.create_index(
            f"ix_refunds_{name}", "refunds", ["id"], postgresql_where=sa.text(where), sqlite_where=sa.text(where)
        )
    for column in ("transfer_id", "order_id", "batch_id", "returned_id"):
        op.create_index(f"ix_refunds_{column}", "refunds", [column])
    if op.get_bind().dialect.name == "sqlite":
        for table in ("refunds", "refund_batches"):
            taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            _sqlite_refuse(f"{table}_replace", f"INSERT ON {table}", taken, "it is never changed")
        refuse = _sqlite_refuse
    else:
        refuse = _postgresql_refuse
    for guard in GUARDS:
        refuse(*guard)


def _batches() -> None:
    op.create_table(
        "refund_batches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("attempt", sa.String(), nullable=False, unique=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("cancelled_by", sa.String(), nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("because", sa.String(), nullable=False, server_default=""),
        sa.CheckConstraint("size > 0 AND total > 0", name="holds_something"),
        sa.CheckConstraint("(cancelled_by IS NULL) = (cancelled_at IS NULL)", name="cancelled_with_a_name"),
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("transfer_id", sa.BigInteger(), sa.ForeignKey("transfers.id"), nullable=False),
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("orders.id"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("taken_from", sa.String(20), nullable=False),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("bank_bin", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("other_account_reason", sa.String(), nullable=False),
        sa.Column("named_by", sa.String(), nullable=True),
        sa.Column("named_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("answer", sa.String(), nullable=False, server_default=""),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("refund_batches.id"), nullable=True),
        sa.Column("debit_id", sa.BigInteger(), sa.ForeignKey("debits.id"), nullable=True, unique=True),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("returned_id", sa.BigInteger(), sa.ForeignKey("transfers.id"), nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("stopped_because", sa.String(), nullable=False, server_default=""),
        sa.Column("forgotten_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        *(sa.CheckConstraint(check, name=name) for name, check in CHECKS.items()),
    )


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
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
