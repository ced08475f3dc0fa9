"""What the office keeps in pages: a history of every change, prices and the receiving account with four eyes

Revision 0009, after 0008.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERSIONED = ("combos", "rounds", "suppliers", "staff", "bank_accounts")
STAND = sa.String(length=20)

# A proposal is decided once; what was proposed, and by whom, never changes.
PROPOSALS = {
    "price_changes": "id, combo_id, was, becomes, measured_from, limit_percent, over_limit, proposed_by, proposed_at, because",
    "receiving_changes": "id, was_id, account_id, proposed_by, proposed_at, because",
}
UNAGREED_PRICE = """NEW.price <> OLD.price AND NOT EXISTS (
    SELECT 1 FROM price_changes
    WHERE combo_id = NEW.id AND was = OLD.price AND becomes = NEW.price AND state = 'applied')"""
UNAGREED_ACCOUNT = """NEW.receives AND NOT OLD.receives AND NOT EXISTS (
    SELECT 1 FROM receiving_changes WHERE account_id = NEW.id AND state = 'applied')"""


def upgrade() -> None:
    for table in VERSIONED:
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("suppliers", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("staff", sa.Column("manages", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("staff", sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("staff", sa.Column("given_by", sa.String(), server_default="", nullable=False))
    op.add_column("staff", sa.Column("given_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bank_accounts", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
    # Who worked at the desk so far did all of this: in SQL.
    op.execute("UPDATE staff SET manages = true WHERE role = 'office'")
    _one_account_receives()
    _changes()
    _price_changes()
    _receiving_changes()
    if op.get_bind().dialect.name == "sqlite":
        _guards_of_sqlite()
    else:
        _guards_of_postgresql()


def _one_account_receives() -> None:
    """The one that residents were asked to pay to: the first that receives, else the first."""
    op.execute(
        "UPDATE bank_accounts SET receives = "
        "(id = (SELECT b.id FROM bank_accounts b ORDER BY b.receives DESC, b.id LIMIT 1))"
    )
    where = sa.text("receives")
    op.create_index(
        "uq_bank_accounts_receives",
        "bank_accounts",
        ["receives"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("about", sa.String(), server_default="", nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_subject", "changes", ["kind", "subject_id", "id"])


def _proposal() -> list[sa.Column[Any]]:
    return [
        sa.Column("state", STAND, nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
    ]


def _decided_once(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        "(state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
        name=op.f(f"ck_{table}_decided_with_a_name"),
    )


def _one_waits(table: str, column: str) -> None:
    where = sa.text("state = 'proposed'")
    op.create_index(f"uq_{table}_waiting", table, [column], unique=True, postgresql_where=where, sqlite_where=where)


def _price_changes() -> None:
    op.create_table(
        "price_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("combo_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.BigInteger(), nullable=False),
        sa.Column("becomes", sa.BigInteger(), nullable=False),
        sa.Column("measured_from", sa.BigInteger(), nullable=False),
        sa.Column("limit_percent", sa.Integer(), nullable=False),
        sa.Column("over_limit", sa.Boolean(), nullable=False),
        *_proposal(),
        sa.CheckConstraint(
            "was > 0 AND becomes > 0 AND measured_from > 0 AND was <> becomes AND limit_percent >= 0",
            name=op.f("ck_price_changes_prices"),
        ),
        sa.CheckConstraint(
            "over_limit = (abs(becomes - measured_from) * 100 > limit_percent * measured_from)",
            name=op.f("ck_price_changes_limit_told_truly"),
        ),
        sa.CheckConstraint(
            "NOT over_limit OR state <> 'applied' OR proposed_by <> decided_by",
            name=op.f("ck_price_changes_four_eyes"),
        ),
        _decided_once("price_changes"),
        sa.ForeignKeyConstraint(["combo_id"], ["combos.id"], name=op.f("fk_price_changes_combo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_changes")),
    )
    op.create_index("ix_price_changes_applied", "price_changes", ["combo_id", "state", "decided_at"])
    op.create_index("ix_price_changes_state", "price_changes", ["state", "decided_at"])
    _one_waits("price_changes", "combo_id")


def _receiving_changes() -> None:
    op.create_table(
        "receiving_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("was_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        *_proposal(),
        sa.CheckConstraint(
            "state <> 'applied' OR proposed_by <> decided_by", name=op.f("ck_receiving_changes_four_eyes")
        ),
        _decided_once("receiving_changes"),
        sa.ForeignKeyConstraint(["was_id"], ["bank_accounts.id"], name=op.f("fk_receiving_changes_was_id")),
        sa.ForeignKeyConstraint(["account_id"], ["bank_accounts.id"], name=op.f("fk_receiving_changes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_changes")),
    )
    # There is one place to receive in, so one proposal for it waits at a time, whatever the account.
    _one_waits("receiving_changes", "state")


def _guards_of_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        _sqlite_refuse(f"changes_{verb.lower()}", f"{verb} ON changes", "1", "changes is append-only")
    for table in ("changes", *PROPOSALS):
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        _sqlite_refuse(f"{table}_replace", f"INSERT ON {table}", taken, f"{table} is append-only")
    for table, frozen in PROPOSALS.items():
        _sqlite_refuse(f"{table}_delete", f"DELETE ON {table}", "1", f"{table} is append-only")
        _sqlite_refuse(f"{table}_frozen", f"UPDATE OF {frozen} ON {table}", "1", "a proposal is never changed")
        _sqlite_refuse(f"{table}_decided", f"UPDATE ON {table}", "OLD.state <> 'proposed'", "it is decided already")
    _sqlite_refuse("combos_price_agreed", "UPDATE OF price ON combos", UNAGREED_PRICE, "a price change has its own row")
    _sqlite_refuse(
        "accounts_agreed", "UPDATE OF receives ON bank_accounts", UNAGREED_ACCOUNT, "the account needs a second person"
    )
    _sqlite_refuse(
        "accounts_frozen", "UPDATE OF bank_code, number ON bank_accounts", "1", "an account is never another one"
    )
    _sqlite_refuse("accounts_delete", "DELETE ON bank_accounts", "1", "an account is never deleted")


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _guards_of_postgresql() -> None:
    _postgresql_refuse("changes_append_only", "UPDATE OR DELETE ON changes", "true", "changes is append-only")
    for table, frozen in PROPOSALS.items():
        _postgresql_refuse(f"{table}_delete", f"DELETE ON {table}", "true", f"{table} is append-only")
        _postgresql_refuse(f"{table}_frozen", f"UPDATE OF {frozen} ON {table}", "true", "a proposal is never changed")
        _postgresql_refuse(f"{table}_decided", f"UPDATE ON {table}", "OLD.state <> 'proposed'", "it is decided already")
    _postgresql_refuse(
        "combos_price_agreed", "UPDATE OF price ON combos", UNAGREED_PRICE, "a price change has its own row"
    )
    _postgresql_refuse(
        "accounts_agreed", "UPDATE OF receives ON bank_accounts", UNAGREED_ACCOUNT, "the account needs a second person"
    )
    _postgresql_refuse(
        "accounts_frozen", "UPDATE OF bank_code, number ON bank_accounts", "true", "an account is never another one"
    )
    _postgresql_refuse("accounts_delete", "DELETE ON bank_accounts", "true", "an account is never deleted")


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
