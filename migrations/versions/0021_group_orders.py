"""Group orders: what a block leader enters for neighbours, placed and paid at once; drafts that are gone in a day

Revision 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
REMEMBERED = sa.text("forgotten_at IS NULL")
IN_A_GROUP = sa.text("group_code IS NOT NULL")
BOTH = (("orders", "order_groups"), ("order_groups", "orders"))
TAKEN = "this code is in use for an order or a group"


def upgrade() -> None:
    _order_groups()
    _drafts()
    _orders_of_a_group()
    for table, other in BOTH:
        _one_code_names_one_thing(table, other)


def _led(table: str) -> list[sa.schema.SchemaItem]:
    """Who leads, where it goes, and what was agreed to."""
    return [
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("leader_name", sa.String(), nullable=False),
        sa.Column("leader_phone", sa.String(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("consent_wording", sa.String(), nullable=False),
        sa.Column("consent_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f(f"fk_{table}_round_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"], name=op.f(f"fk_{table}_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("token", name=op.f(f"uq_{table}_token")),
    ]


def _order_groups() -> None:
    op.create_table(
        "order_groups",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        *_led("order_groups"),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("forgotten_at", MOMENT, nullable=True),
        sa.UniqueConstraint("code", name=op.f("uq_order_groups_code")),
    )
    op.create_index(
        "ix_order_groups_remembered", "order_groups", ["round_id"], postgresql_where=REMEMBERED, sqlite_where=REMEMBERED
    )


def _drafts() -> None:
    op.create_table(
        "group_drafts",
        sa.Column("id", BIG_ID, nullable=False),
        *_led("group_drafts"),
        sa.Column("begun_at", MOMENT, nullable=False),
    )
    op.create_index("ix_group_drafts_begun_at", "group_drafts", ["begun_at"])
    op.create_table(
        "group_neighbours",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("draft_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("picked", JSON, nullable=False),
        sa.Column("consent_wording", sa.String(), nullable=False),
        sa.Column("consent_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["group_drafts.id"], name=op.f("fk_group_neighbours_draft_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_neighbours")),
    )
    op.create_index("ix_group_neighbours_draft_id", "group_neighbours", ["draft_id"])


def _orders_of_a_group() -> None:
    if op.get_bind().dialect.name == "sqlite":  # it adds no constraint to a table that is there, but a column with one
        op.execute("ALTER TABLE orders ADD COLUMN group_code VARCHAR REFERENCES order_groups (code)")
    else:
        op.add_column("orders", sa.Column("group_code", sa.String(), nullable=True))
        op.create_foreign_key(op.f("fk_orders_group_code"), "orders", "order_groups", ["group_code"], ["code"])
    op.create_index(
        "ix_orders_group_code", "orders", ["group_code"], postgresql_where=IN_A_GROUP, sqlite_where=IN_A_GROUP
    )


def _one_code_names_one_thing(table: str, other: str) -> None:
    """Orders and groups draw from one set of codes: what a memo names is never two things."""
    taken = f"EXISTS (SELECT 1 FROM {other} WHERE code = NEW.code)"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_code BEFORE INSERT ON {table} WHEN {taken} "
            f"BEGIN SELECT RAISE(ABORT, '{TAKEN}'); END"
        )
        return
    op.execute(
        f"""
        CREATE FUNCTION {table}_code() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {taken} THEN
                RAISE EXCEPTION '{TAKEN}' USING ERRCODE = '23505';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(f"CREATE TRIGGER {table}_code BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_code()")


def downgrade() -> None:
    for table, _other in BOTH:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {table}_code")
        else:
            op.execute(f"DROP TRIGGER {table}_code ON {table}")
            op.execute(f"DROP FUNCTION {table}_code()")
    op.drop_index("ix_orders_group_code", table_name="orders")
    op.drop_column("orders", "group_code")
    op.drop_table("group_neighbours")
    op.drop_table("group_drafts")
    op.drop_table("order_groups")
