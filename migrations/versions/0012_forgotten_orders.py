"""Since when an order no longer holds its resident's name, phone, address and note; manifests may forget those, too

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

REMEMBERED = sa.text("forgotten_at IS NULL")
PERSONAL = ("address", "name", "phone", "note")
MAY_CHANGE = (*PERSONAL, "forgotten")
KEPT = ("id", "number", "batch_id", "supplier_id", "made_at")
ONLY_NAMES = "of a manifest, names may be taken out and nothing else"


def upgrade() -> None:
    op.add_column("orders", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_orders_remembered", "orders", ["round_id"], postgresql_where=REMEMBERED, sqlite_where=REMEMBERED
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER manifests_update")
        _sqlite_refuse(_changed_in_sqlite(), ONLY_NAMES)
    else:
        _postgresql_refuse(_changed_in_postgresql(), ONLY_NAMES)


def _other(kept: str) -> str:
    return (
        " OR ".join(f"NEW.{column} <> OLD.{column}" for column in KEPT) + f" OR NEW.snapshot = OLD.snapshot OR {kept}"
    )


def _changed_in_sqlite() -> str:
    """Anything but the personal facts of a stop, or one of those to something else than nothing."""
    paths = ", ".join(f"'$.{name}'" for name in MAY_CHANGE)
    written = " OR ".join(
        f"coalesce(json_extract(became.value, '$.{name}'), '') NOT IN ('', coalesce(json_extract(was.value, '$.{name}'), ''))"
        for name in PERSONAL
    )
    return _other(
        f"""json_remove(NEW.snapshot, '$.stops') <> json_remove(OLD.snapshot, '$.stops')
        OR json_array_length(NEW.snapshot, '$.stops') <> json_array_length(OLD.snapshot, '$.stops')
        OR EXISTS (
            SELECT 1 FROM json_each(OLD.snapshot, '$.stops') AS was
            JOIN json_each(NEW.snapshot, '$.stops') AS became ON became.key = was.key
            WHERE json_remove(was.value, {paths}) <> json_remove(became.value, {paths}) OR {written}
        )"""
    )


def _changed_in_postgresql() -> str:
    names = "'{" + ",".join(MAY_CHANGE) + "}'::text[]"
    written = " OR ".join(
        f"coalesce(became.stop ->> '{name}', '') NOT IN ('', coalesce(was.stop ->> '{name}', ''))" for name in PERSONAL
    )
    return _other(
        f"""NEW.snapshot - 'stops' <> OLD.snapshot - 'stops'
        OR jsonb_array_length(NEW.snapshot -> 'stops') <> jsonb_array_length(OLD.snapshot -> 'stops')
        OR EXISTS (
            SELECT 1 FROM jsonb_array_elements(OLD.snapshot -> 'stops') WITH ORDINALITY AS was (stop, place)
            JOIN jsonb_array_elements(NEW.snapshot -> 'stops') WITH ORDINALITY AS became (stop, place) USING (place)
            WHERE was.stop - {names} <> became.stop - {names} OR {written}
        )"""
    )


def _sqlite_refuse(when: str, message: str) -> None:
    op.execute(
        "CREATE TRIGGER manifests_update BEFORE UPDATE ON manifests "
        f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql_refuse(when: str, message: str) -> None:
    """A check violation (23514), so that the driver reports it as one of integrity."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION manifests_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'manifests is append-only' USING ERRCODE = '23514';
            END IF;
            IF {when} THEN
                RAISE EXCEPTION '{message}' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER manifests_update")
        _sqlite_refuse("1", "manifests is append-only")
    else:
        _postgresql_refuse("true", "manifests is append-only")
    op.drop_index("ix_orders_remembered", table_name="orders")
    op.drop_column("orders", "forgotten_at")
