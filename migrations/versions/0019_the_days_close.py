"""Days of accounts are sealed in a chain; what is booked on a sealed day afterwards is written down by the tables

Revision 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEYS = {
    "day_seals": ("id", "account_id, day, version", "account_id, number", "sha256"),
    "late_movements": ("id", "transfer_id", "debit_id"),
}
BROKEN = (
    "NEW.previous <> COALESCE((SELECT sha256 FROM day_seals"
    " WHERE account_id = NEW.account_id AND number = NEW.number - 1), '')"
    " OR (NEW.number = 1) <> (NEW.previous = '')"
)
FIRST_SEAL = (
    "SELECT id FROM day_seals WHERE account_id = {row}.account_id AND day >= {row}.booked_on"
    " ORDER BY day, version DESC LIMIT 1"
)
MOVEMENTS = {"transfers": "transfer_id", "debits": "debit_id"}


def upgrade() -> None:
    _seals()
    _late_movements()
    op.create_index("ix_hook_calls_provider_received_at", "hook_calls", ["provider", "received_at"])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _seals() -> None:
    op.create_table(
        "day_seals",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("behind", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("opening", "incoming", "outgoing", "closing")),
        sa.Column("stated", sa.BigInteger(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("snapshot", JSON, nullable=False),
        sa.UniqueConstraint("account_id", "day", "version"),
        sa.UniqueConstraint("account_id", "number"),
        sa.UniqueConstraint("sha256"),
        sa.CheckConstraint("opening + incoming - outgoing = closing", name="adds_up"),
        sa.CheckConstraint("stated IS NULL OR stated = closing OR because <> ''", name="difference_explained"),
    )
    behind = sa.text("behind")
    op.create_index(
        "ix_day_seals_behind",
        "day_seals",
        ["account_id", "day", "number"],
        postgresql_where=behind,
        sqlite_where=behind,
    )


def _late_movements() -> None:
    op.create_table(
        "late_movements",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("seal_id", BIG_ID, sa.ForeignKey("day_seals.id"), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("transfer_id", BIG_ID, sa.ForeignKey("transfers.id"), nullable=True),
        sa.Column("debit_id", BIG_ID, sa.ForeignKey("debits.id"), nullable=True),
        sa.UniqueConstraint("transfer_id"),
        sa.UniqueConstraint("debit_id"),
        sa.CheckConstraint("(transfer_id IS NULL) <> (debit_id IS NULL)", name="one_movement"),
    )
    op.create_index("ix_late_movements_seal_id", "late_movements", ["seal_id"])


def _sqlite() -> None:
    for table, keys in KEYS.items():
        for verb in ("UPDATE", "DELETE"):
            _sqlite_refuse(f"{table}_{verb.lower()}", f"{verb} ON {table}", "1", f"{table} is append-only")
        for number, key in enumerate(keys):
            same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
            taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
            _sqlite_refuse(f"{table}_replace_{number}", f"INSERT ON {table}", taken, f"{table} is append-only")
    _sqlite_refuse("day_seals_chain", "INSERT ON day_seals", BROKEN, "a seal names the one before")
    for table, column in MOVEMENTS.items():
        first = FIRST_SEAL.format(row="NEW")
        op.execute(
            f"CREATE TRIGGER {table}_late AFTER INSERT ON {table} WHEN EXISTS ({first})"
            f" BEGIN INSERT INTO late_movements (seal_id, account_id, booked_on, {column})"
            f" VALUES (({first}), NEW.account_id, NEW.booked_on, NEW.id); END"
        )


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql() -> None:
    for table in KEYS:
        _postgresql_refuse(f"{table}_append_only", f"UPDATE OR DELETE ON {table}", "true", f"{table} is append-only")
    _postgresql_refuse("day_seals_chain", "INSERT ON day_seals", BROKEN, "a seal names the one before")
    for table, column in MOVEMENTS.items():
        _note_late(table, column)


def _note_late(table: str, column: str) -> None:
    """Who seals holds the account's row: the lock makes a booking wait for the seal, and then see it."""
    op.execute(
        f"""
        CREATE FUNCTION {table}_late() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM 1 FROM bank_accounts WHERE id IN (SELECT account_id FROM fresh) FOR KEY SHARE;
            INSERT INTO late_movements (seal_id, account_id, booked_on, {column})
            SELECT sealed.id, fresh.account_id, fresh.booked_on, fresh.id
            FROM fresh CROSS JOIN LATERAL ({FIRST_SEAL.format(row="fresh")}) AS sealed;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_late AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_late()"
    )


def _postgresql_refuse(name: str, moment: str, when: str, message: str) -> None:
    """A check violation (23514), so that the driver reports it as one of integrity."""
    last = "OLD" if "DELETE" in moment else "NEW"
    op.execute(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF;
            RETURN {last};
        END $$
        """
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
