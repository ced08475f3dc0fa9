"""Each transfer knows how much of it lies where; money that goes out of an account is a movement of its own

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACES = ("allocated", "credit", "refund_due", "refunded")
KEPT = ("unplaced", *PLACES)
MOVED = "(CASE WHEN {new}moved_to = '{place}' THEN {new}amount WHEN {new}moved_from = '{place}' THEN -{new}amount ELSE 0 END)"
FROZEN_DEBIT = (
    "id, account_id, identity, booked_on, earliest, latest, amount, reference, memo, payee_name, payee_account"
)
NOT_EXPLAINED = sa.text("kind = 'unexplained'")


def upgrade() -> None:
    for place in PLACES:
        op.execute(f"ALTER TABLE transfers ADD COLUMN {place} BIGINT DEFAULT 0 NOT NULL CHECK ({place} >= 0)")
    _fill()
    _follow_postings()
    for place in ("credit", "refund_due"):
        some = sa.text(f"{place} > 0")
        op.create_index(f"ix_transfers_{place}", "transfers", ["id"], postgresql_where=some, sqlite_where=some)
    _debits()
    op.execute("ALTER TABLE inbound_messages ADD COLUMN debit_id BIGINT REFERENCES debits (id)")
    op.create_index("ix_inbound_messages_debit_id", "inbound_messages", ["debit_id"])


def _fill() -> None:
    for place in PLACES:
        moved = MOVED.format(place=place, new="")
        summed = f"(SELECT COALESCE(SUM({moved}), 0) FROM postings WHERE transfer_id = transfers.id)"
        op.execute(f"UPDATE transfers SET {place} = {summed} WHERE unplaced < amount")


def _follow_postings() -> None:
    """The trigger that kept ``unplaced`` keeps the others, too."""
    follow = ", ".join(f"{place} = {place} + {MOVED.format(place=place, new='NEW.')}" for place in KEPT)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER postings_keep_unplaced")
        op.execute(
            "CREATE TRIGGER postings_keep_places AFTER INSERT ON postings WHEN NEW.transfer_id IS NOT NULL"
            f" BEGIN UPDATE transfers SET {follow} WHERE id = NEW.transfer_id; END"
        )
        return
    op.execute("DROP TRIGGER postings_keep_unplaced ON postings")
    op.execute("DROP FUNCTION postings_keep_unplaced")
    op.execute(
        "CREATE FUNCTION postings_keep_places() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN UPDATE transfers SET {follow} WHERE id = NEW.transfer_id; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER postings_keep_places AFTER INSERT ON postings FOR EACH ROW"
        " WHEN (NEW.transfer_id IS NOT NULL) EXECUTE FUNCTION postings_keep_places()"
    )


def _debits() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "debits",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("bank_accounts.id"), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("earliest", moment, nullable=False),
        sa.Column("latest", moment, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("memo", sa.String(), nullable=False),
        sa.Column("payee_name", sa.String(), nullable=False),
        sa.Column("payee_account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("because", sa.String(), nullable=False, server_default=""),
        sa.Column("explained_by", sa.String(), nullable=True),
        sa.Column("explained_at", moment, nullable=True),
        sa.UniqueConstraint("account_id", "identity"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
    )
    op.create_index(
        "ix_debits_unexplained",
        "debits",
        ["booked_on", "id"],
        postgresql_where=NOT_EXPLAINED,
        sqlite_where=NOT_EXPLAINED,
    )
    op.create_index("ix_debits_account_id_booked_on", "debits", ["account_id", "booked_on"])
    op.create_index("ix_transfers_account_id_booked_on", "transfers", ["account_id", "booked_on"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    refuse = _sqlite_refuse if sqlite else _postgresql_refuse
    refuse("debits_delete", "DELETE ON debits", "a debit is never deleted")
    refuse("debits_frozen", f"UPDATE OF {FROZEN_DEBIT} ON debits", "a debit is never changed")
    if sqlite:
        taken = "WHEN EXISTS (SELECT 1 FROM debits WHERE id = NEW.id)"
        refuse("debits_replace", f"INSERT ON debits {taken}", "a debit is never changed")


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
