"""Couriers in teams with blocks and vehicles, their runs, what they tell at the door, a pin on the map for an order

Revision 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ROLE = "(role = 'office') = (supplier_id IS NULL) AND (role = 'courier') = (team_id IS NOT NULL)"
PIN = "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL OR (lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180))"
KEPT = (
    "id, username, name, role, password_hash, supplier_id, active, manages, must_change, given_by, given_at, version,"
    " delivers"
)
TOLD = "id, key, parcel_id, kind, undoes, staff_id, run_id, at, received_at, reason, short"
GUARDS = (
    ("door_events_frozen", f"UPDATE OF {TOLD} ON door_events", "1 = 1", "what was told at the door is never changed"),
    (
        "door_events_forgotten",
        "UPDATE OF words, witness, photo ON door_events",
        "NEW.words NOT IN ('', OLD.words) OR NEW.witness NOT IN ('', OLD.witness) OR NEW.photo NOT IN ('', OLD.photo)",
        "what was told at the door is only forgotten",
    ),
    ("door_events_delete", "DELETE ON door_events", "1 = 1", "what was told at the door is never deleted"),
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    _teams()
    if sqlite:
        _staff_made_anew()
    else:
        _staff()
    _runs()
    _door()
    for column in ("lat", "lon"):
        op.add_column("orders", sa.Column(column, sa.Float(), nullable=True))
    _pin(sqlite=sqlite)
    op.add_column("parcels", sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    _door_of_events(sqlite=sqlite)
    for guard in GUARDS:
        (_sqlite_refuse if sqlite else _postgresql_refuse)(*guard)
    if sqlite:
        for column in ("id", "key"):
            taken = f"EXISTS (SELECT 1 FROM door_events WHERE {column} = NEW.{column})"
            _sqlite_refuse(f"door_events_replace_{column}", "INSERT ON door_events", taken, "it was told already")


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("supplier_id", sa.Integer(), sa.ForeignKey("suppliers.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.UniqueConstraint("supplier_id", "name"),
        sa.CheckConstraint("begins < ends", name="shift_lasts"),
    )
    op.create_table(
        "team_blocks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("ward_id", sa.Integer(), sa.ForeignKey("wards.id"), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("block_key", sa.String(), nullable=False),
        sa.UniqueConstraint("team_id", "ward_id", "block_key"),
    )
    op.create_table(
        "vehicles",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("bags", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.UniqueConstraint("team_id", "name"),
        sa.CheckConstraint("bags > 0", name="carries_something"),
    )


def _staff() -> None:
    op.add_column("staff", sa.Column("phone", sa.String(), server_default="", nullable=False))
    op.add_column("staff", sa.Column("ends_at", MOMENT, nullable=True))
    op.add_column("staff", sa.Column("team_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_staff_team_id"), "staff", "teams", ["team_id"], ["id"])
    op.drop_constraint(op.f("ck_staff_supplier_of_role"), "staff", type_="check")
    op.create_check_constraint(op.f("ck_staff_supplier_of_role"), "staff", ROLE)
    op.create_index("ix_staff_team_id", "staff", ["team_id"])


def _staff_made_anew() -> None:
    """SQLite changes no constraint of a table: it is made anew, its rows put aside meanwhile.

    Sessions and others point at rows that are gone for a moment, which is looked at when all is done.
    """
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE staff_aside AS SELECT {KEPT} FROM staff")
    op.drop_table("staff")
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("manages", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("given_by", sa.String(), server_default="", nullable=False),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("delivers", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(ROLE, name=op.f("ck_staff_supplier_of_role")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_staff_supplier_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_staff_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_index("ix_staff_supplier_id", "staff", ["supplier_id"])
    op.create_index("ix_staff_team_id", "staff", ["team_id"])
    op.execute(f"INSERT INTO staff ({KEPT}) SELECT {KEPT} FROM staff_aside ORDER BY id")
    op.drop_table("staff_aside")


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(), nullable=False, unique=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), sa.ForeignKey("vehicles.id"), nullable=True),
        sa.Column("bags", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    )
    op.create_index("ix_runs_batch_id", "runs", ["batch_id"])
    op.create_index("ix_runs_team_id", "runs", ["team_id"])
    op.create_table(
        "run_stops",
        sa.Column("parcel_id", sa.BigInteger(), sa.ForeignKey("parcels.id"), primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.UniqueConstraint("run_id", "place"),
    )


def _door() -> None:
    op.create_table(
        "door_events",
        sa.Column("id", BIG_ID, primary_key=True),
        sa.Column("key", sa.String(36), nullable=False, unique=True),
        sa.Column("parcel_id", sa.BigInteger(), sa.ForeignKey("parcels.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("undoes", sa.String(36), nullable=True),
        sa.Column("staff_id", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("words", sa.String(), server_default="", nullable=False),
        sa.Column("witness", sa.String(), server_default="", nullable=False),
        sa.Column("photo", sa.String(), server_default="", nullable=False),
        sa.Column("short", JSON, server_default="[]", nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.CheckConstraint("(kind = 'undone') = (undoes IS NOT NULL)", name="undoes_something"),
        sa.CheckConstraint("(kind = 'failed') = (reason IS NOT NULL)", name="failed_with_a_reason"),
    )
    for column in ("parcel_id", "run_id"):
        op.create_index(f"ix_door_events_{column}", "door_events", [column])


def _pin(*, sqlite: bool) -> None:
    """Both of a pin's numbers or none. SQLite adds no constraint to a table that is there: triggers keep it."""
    if not sqlite:
        op.create_check_constraint(op.f("ck_orders_pin_whole"), "orders", PIN)
        return
    broken = f"NOT ({PIN})".replace("lat", "NEW.lat").replace("lon", "NEW.lon")
    _sqlite_refuse("orders_pin_insert", "INSERT ON orders", broken, "a pin has two numbers")
    _sqlite_refuse("orders_pin_update", "UPDATE OF lat, lon ON orders", broken, "a pin has two numbers")


def _door_of_events(*, sqlite: bool) -> None:
    """Which steps of a parcel follow from what was told at the door."""
    if sqlite:
        op.execute("ALTER TABLE parcel_events ADD COLUMN door_id BIGINT REFERENCES door_events (id)")
        return
    op.add_column("parcel_events", sa.Column("door_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_parcel_events_door_id"), "parcel_events", "door_events", ["door_id"], ["id"])


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
