"""Webhooks kept as they came; one movement told by many feeds; what is in doubt waits for a clerk

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'open'")
FROZEN_CALL = "id, provider, digest, body, sent_at, received_at"
FROZEN_TELLING = "id, account_id, feed, key, transfer_id, told, at"
FROZEN_DOUBT = "id, account_id, feed, key, why, told, transfer_ids, raised_at"
KEYS = {
    "hook_calls": ("id",),  # a replay is passed over in silence: its bytes are there
    "hook_messages": ("id", "call_id, place"),
    "doubts": ("id", "account_id, feed, key"),
    "doubt_events": ("id",),
}


def upgrade() -> None:
    _tellings()
    _doubts()
    _hooks()
    op.execute("ALTER TABLE statement_imports ADD COLUMN doubtful INTEGER DEFAULT 0 NOT NULL")
    _guards()


def _tellings() -> None:
    op.create_table(
        "tellings",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("feed", sa.String(20), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), sa.ForeignKey("transfers.id"), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("account_id", "feed", "key"),
    )
    op.create_index("ix_tellings_transfer_id", "tellings", ["transfer_id", "feed"])
    op.create_table(
        "telling_keys",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("telling_id", sa.BigInteger(), sa.ForeignKey("tellings.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_telling_keys_key", "telling_keys", ["account_id", "key", "booked_on"])
    op.create_index("ix_telling_keys_telling_id", "telling_keys", ["telling_id"])


def _doubts() -> None:
    op.create_table(
        "doubts",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("feed", sa.String(20), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("transfer_ids", JSON, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), sa.ForeignKey("transfers.id"), nullable=True),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("account_id", "feed", "key"),
        sa.CheckConstraint("(state = 'open') = (transfer_id IS NULL)", name="decided_names_a_transfer"),
    )
    op.create_index("ix_doubts_open", "doubts", ["id"], postgresql_where=OPEN, sqlite_where=OPEN)
    op.create_table(
        "doubt_events",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("doubt_id", sa.BigInteger(), sa.ForeignKey("doubts.id"), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), sa.ForeignKey("transfers.id"), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("because", sa.String(), nullable=False),
    )
    op.create_index("ix_doubt_events_doubt_id", "doubt_events", ["doubt_id"])


def _hooks() -> None:
    op.create_table(
        "hook_calls",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.String(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("booked_at", MOMENT, nullable=True),
        sa.UniqueConstraint("provider", "digest"),
    )
    op.create_table(
        "hook_messages",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("call_id", sa.BigInteger(), sa.ForeignKey("hook_calls.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=True),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("raw", JSON, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), sa.ForeignKey("transfers.id"), nullable=True),
        sa.Column("doubt_id", sa.BigInteger(), sa.ForeignKey("doubts.id"), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.UniqueConstraint("call_id", "place"),
    )
    op.create_index("ix_hook_messages_provider_id", "hook_messages", ["provider", "provider_id"])
    op.create_index("ix_hook_messages_transfer_id", "hook_messages", ["transfer_id"])


def _guards() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    refuse = _sqlite_refuse if sqlite else _postgresql_refuse
    for table in ("hook_messages", "doubt_events"):
        refuse(f"{table}_update", f"UPDATE ON {table}", f"{table} is append-only")
        refuse(f"{table}_delete", f"DELETE ON {table}", f"{table} is append-only")
    refuse("hook_calls_delete", "DELETE ON hook_calls", "a call is never deleted")
    refuse("hook_calls_frozen", f"UPDATE OF {FROZEN_CALL} ON hook_calls", "a call is never changed")
    refuse("tellings_frozen", f"UPDATE OF {FROZEN_TELLING} ON tellings", "a telling is never changed")
    refuse("doubts_delete", "DELETE ON doubts", "a doubt is never deleted")
    refuse("doubts_frozen", f"UPDATE OF {FROZEN_DOUBT} ON doubts", "a doubt is never changed")
    for table, keys in KEYS.items() if sqlite else ():
        for number, key in enumerate(keys):
            same = " AND ".join(f"{column} = NEW.{column}" for column in key.split(", "))
            taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            refuse(f"{table}_replace_{number}", f"INSERT ON {table} {taken}", f"{table}: this row is there")


def _sqlite_refuse(name: str, moment: str, message: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql_refuse(name: str, moment: str, message: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
