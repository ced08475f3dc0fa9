"""A ward's own last order in a round, slots, wards locked or first, a rota, and what an order was promised

Revision 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

TO_DELIVER = sa.text("state IN ('open', 'confirmed') AND dispatched_at IS NULL")
WITH_REASON = "standing = 'open' OR (standing_because <> '' AND standing_since IS NOT NULL)"
NOT_IN_ROUND = "a ward closes after its round opens and not after it is dispatched"
PROMISED = "what an order was promised stays, as long as it is in the same round"
BROKEN = (
    "NEW.round_id = OLD.round_id AND (NEW.promised_on <> OLD.promised_on OR NEW.promised_slot <> OLD.promised_slot)"
)
# A phone may be the leader's: then the neighbour has none, and is known by an address that SQL cannot fold.
HOUSEHOLD = """UPDATE orders SET household = phone WHERE group_code IS NULL OR phone NOT IN (
    SELECT leader_phone FROM order_groups WHERE code = orders.group_code
)"""


def upgrade() -> None:
    _wards()
    _rounds()
    _orders()
    _rota()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _wards() -> None:
    op.add_column("wards", sa.Column("standing_because", sa.String(), server_default="", nullable=False))
    op.add_column("wards", sa.Column("standing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("wards", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    if op.get_bind().dialect.name == "sqlite":  # it adds no constraint to a table that is there, but a column with one
        op.execute(
            "ALTER TABLE wards ADD COLUMN standing VARCHAR(20) NOT NULL DEFAULT 'open' "
            f"CONSTRAINT ck_wards_standing_with_reason CHECK ({WITH_REASON})"
        )
    else:
        op.add_column("wards", sa.Column("standing", sa.String(20), server_default="open", nullable=False))
        op.create_check_constraint(op.f("ck_wards_standing_with_reason"), "wards", WITH_REASON)


def _rounds() -> None:
    op.add_column("rounds", sa.Column("slot", sa.String(20), server_default="all_day", nullable=False))
    op.create_table(
        "ward_closes",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id"), primary_key=True),
        sa.Column("ward_id", sa.Integer(), sa.ForeignKey("wards.id"), primary_key=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
    )


def _orders() -> None:
    """Who ordered before was promised what the round says now, as far as anybody knows."""
    op.add_column("orders", sa.Column("promised_on", sa.Date(), server_default="1970-01-01", nullable=False))
    op.add_column("orders", sa.Column("promised_slot", sa.String(20), server_default="all_day", nullable=False))
    op.add_column("orders", sa.Column("household", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE orders SET promised_on = (SELECT delivery_on FROM rounds WHERE rounds.id = orders.round_id)")
    op.execute(HOUSEHOLD)
    op.create_index(op.f("ix_orders_household"), "orders", ["household"])
    op.create_index("ix_orders_to_deliver", "orders", ["ward_id"], postgresql_where=TO_DELIVER, sqlite_where=TO_DELIVER)


def _rota() -> None:
    op.create_table(
        "rotas",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ward_id", sa.Integer(), sa.ForeignKey("wards.id"), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("days BETWEEN 0 AND 60", name=op.f("ck_rotas_days")),
    )
    op.create_index("uq_rotas_ward_id", "rotas", ["ward_id"], unique=True)
    # Two rows without a ward would be equal to no constraint: the index counts something that both have.
    op.create_index("uq_rotas_city", "rotas", [sa.text("coalesce(ward_id, 0)")], unique=True)
    op.execute("INSERT INTO rotas (ward_id, days) VALUES (NULL, 0)")


def _sqlite() -> None:
    outside = (
        "EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id"
        " AND (NEW.closes_at <= opens_at OR NEW.closes_at > dispatch_at))"
    )
    left_out = (
        "EXISTS (SELECT 1 FROM ward_closes WHERE round_id = NEW.id"
        " AND (closes_at <= NEW.opens_at OR closes_at > NEW.dispatch_at))"
    )
    for name, event, table, when, message in (
        ("ward_closes_insert", "INSERT", "ward_closes", outside, NOT_IN_ROUND),
        ("ward_closes_update", "UPDATE", "ward_closes", outside, NOT_IN_ROUND),
        ("rounds_ward_closes", "UPDATE OF opens_at, dispatch_at", "rounds", left_out, NOT_IN_ROUND),
        ("orders_promise", "UPDATE OF promised_on, promised_slot", "orders", BROKEN, PROMISED),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _postgresql() -> None:
    """Check violations (23514), so that the driver reports them as ones of integrity.

    A ward's close looks at its round with a share lock: the round does not move meanwhile.
    """
    outside = """EXISTS (
        SELECT 1 FROM (SELECT opens_at, dispatch_at FROM rounds WHERE id = NEW.round_id FOR SHARE) AS its
        WHERE NEW.closes_at <= its.opens_at OR NEW.closes_at > its.dispatch_at
    )"""
    left_out = """EXISTS (
        SELECT 1 FROM ward_closes WHERE round_id = NEW.id
        AND (closes_at <= NEW.opens_at OR closes_at > NEW.dispatch_at)
    )"""
    for name, event, table, when, message in (
        ("ward_closes_in_round", "INSERT OR UPDATE", "ward_closes", outside, NOT_IN_ROUND),
        ("rounds_ward_closes", "UPDATE OF opens_at, dispatch_at", "rounds", left_out, NOT_IN_ROUND),
        ("orders_promise", "UPDATE OF promised_on, promised_slot", "orders", BROKEN, PROMISED),
    ):
        op.execute(
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {when} THEN
                    RAISE EXCEPTION '{message}' USING ERRCODE = '23514';
                END IF;
                RETURN NEW;
            END $$
            """
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("ward_closes_insert", "ward_closes_update", "rounds_ward_closes", "orders_promise"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name, table in (
            ("ward_closes_in_round", "ward_closes"),
            ("rounds_ward_closes", "rounds"),
            ("orders_promise", "orders"),
        ):
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("rotas")
    op.drop_index("ix_orders_to_deliver", table_name="orders")
    op.drop_index(op.f("ix_orders_household"), table_name="orders")
    for column in ("household", "promised_slot", "promised_on"):
        op.drop_column("orders", column)
    op.drop_table("ward_closes")
    op.drop_column("rounds", "slot")
    for column in ("standing", "standing_because", "standing_since", "version"):
        op.drop_column("wards", column)
