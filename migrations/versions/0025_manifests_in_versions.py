"""Manifests in versions, each with its delta; combos that stay cold; which of a supplier's staff goes to the doors

Revision 0025, after 0021.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0021"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PERSONAL = ("address", "name", "phone", "note", "block")
BEFORE = ("address", "name", "phone", "note")
KEPT = ("id", "number", "batch_id", "supplier_id", "made_at")
KEPT_NOW = (*KEPT, "version", "made_by", "because")
LISTS = (("snapshot", "stops"), ("delta", "added"), ("delta", "changed"), ("delta", "was"))
ONLY_NAMES = "of a manifest, names may be taken out and nothing else"
LATER = "version > 0 AND (version = 1) = (made_by = '')"
OLD = ("id", "number", "batch_id", "supplier_id", "made_at", "snapshot", "sha256")


def upgrade() -> None:
    op.add_column("combos", sa.Column("cold_chain", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("staff", sa.Column("delivers", sa.Boolean(), server_default=sa.true(), nullable=False))
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(*_columns(), *_later_versions())
        _sqlite_guards("batch_id, version", _changed_in_sqlite(KEPT_NOW, LISTS, PERSONAL))
        return
    op.drop_constraint("uq_manifests_batch_id", "manifests")
    for column in _columns()[-4:]:
        op.add_column("manifests", column)
    op.create_unique_constraint("uq_manifests_batch_id_version", "manifests", ["batch_id", "version"])
    op.create_check_constraint(op.f("ck_manifests_later_versions_by_somebody"), "manifests", LATER)
    _postgresql_refuse(_changed_in_postgresql(KEPT_NOW, LISTS, PERSONAL))


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", JSON, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("delta", JSON, server_default="{}", nullable=False),
        sa.Column("made_by", sa.String(), server_default="", nullable=False),
        sa.Column("because", sa.String(), server_default="", nullable=False),
    ]


def _later_versions() -> list[sa.schema.SchemaItem]:
    return [
        sa.UniqueConstraint("batch_id", "version", name=op.f("uq_manifests_batch_id_version")),
        sa.CheckConstraint(LATER, name=op.f("ck_manifests_later_versions_by_somebody")),
    ]


def _made_anew(*wanted: sa.schema.SchemaItem) -> None:
    """SQLite drops no constraint of a table: the table is made anew, its rows put aside meanwhile.

    Views of manifests point at rows that are gone for a moment, which is looked at when all is done.
    """
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE manifests_aside AS SELECT {', '.join(OLD)} FROM manifests")
    op.drop_table("manifests")
    op.create_table(
        "manifests",
        *wanted,
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_manifests_batch_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_manifests_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifests")),
        sa.UniqueConstraint("number", name=op.f("uq_manifests_number")),
    )
    op.create_index("ix_manifests_supplier_id", "manifests", ["supplier_id"])
    op.execute(f"INSERT INTO manifests ({', '.join(OLD)}) SELECT {', '.join(OLD)} FROM manifests_aside ORDER BY id")
    op.drop_table("manifests_aside")


def _sqlite_guards(key: str, changed: str) -> None:
    """They went with the table."""
    _sqlite_refuse("manifests_update", "UPDATE ON manifests", changed, ONLY_NAMES)
    _sqlite_refuse("manifests_delete", "DELETE ON manifests", "1", "manifests is append-only")
    for number, columns in enumerate(("id", "number", key)):
        same = " AND ".join(f"{column} = NEW.{column}" for column in columns.split(", "))
        taken = f"EXISTS (SELECT 1 FROM manifests WHERE {same})"
        _sqlite_refuse(f"manifests_replace_{number}", "INSERT ON manifests", taken, "manifests is append-only")


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _other(kept: tuple[str, ...], rest: str) -> str:
    return " OR ".join([*(f"NEW.{column} <> OLD.{column}" for column in kept), rest])


def _changed_in_sqlite(kept: tuple[str, ...], lists: tuple[tuple[str, str], ...], personal: tuple[str, ...]) -> str:
    """Anything but the personal facts of a stop, or one of those to something else than nothing."""
    paths = ", ".join(f"'$.{name}'" for name in (*personal, "forgotten"))
    written = " OR ".join(
        f"coalesce(json_extract(became.value, '$.{name}'), '') NOT IN ('', coalesce(json_extract(was.value, '$.{name}'), ''))"
        for name in personal
    )
    rules = [
        "NEW.snapshot = OLD.snapshot" if len(lists) == 1 else "NEW.snapshot || NEW.delta = OLD.snapshot || OLD.delta"
    ]
    for column in dict.fromkeys(column for column, _name in lists):
        outside = ", ".join(f"'$.{name}'" for each, name in lists if each == column)
        rules.append(f"json_remove(NEW.{column}, {outside}) <> json_remove(OLD.{column}, {outside})")
    for column, name in lists:
        rules.append(
            f"""coalesce(json_array_length(NEW.{column}, '$.{name}'), 0) <> coalesce(json_array_length(OLD.{column}, '$.{name}'), 0)
            OR EXISTS (
                SELECT 1 FROM json_each(OLD.{column}, '$.{name}') AS was
                JOIN json_each(NEW.{column}, '$.{name}') AS became ON became.key = was.key
                WHERE json_remove(was.value, {paths}) <> json_remove(became.value, {paths}) OR {written}
            )"""
        )
    return _other(kept, " OR ".join(rules))


def _changed_in_postgresql(kept: tuple[str, ...], lists: tuple[tuple[str, str], ...], personal: tuple[str, ...]) -> str:
    names = "'{" + ",".join((*personal, "forgotten")) + "}'::text[]"
    written = " OR ".join(
        f"coalesce(became.stop ->> '{name}', '') NOT IN ('', coalesce(was.stop ->> '{name}', ''))" for name in personal
    )
    same = "NEW.snapshot = OLD.snapshot"
    rules = [same if len(lists) == 1 else f"({same} AND NEW.delta = OLD.delta)"]
    for column in dict.fromkeys(column for column, _name in lists):
        outside = "'{" + ",".join(name for each, name in lists if each == column) + "}'::text[]"
        rules.append(f"NEW.{column} - {outside} <> OLD.{column} - {outside}")
    for column, name in lists:
        was, became = (f"coalesce({row}.{column} -> '{name}', '[]'::jsonb)" for row in ("OLD", "NEW"))
        rules.append(
            f"""jsonb_array_length({became}) <> jsonb_array_length({was})
            OR EXISTS (
                SELECT 1 FROM jsonb_array_elements({was}) WITH ORDINALITY AS was (stop, place)
                JOIN jsonb_array_elements({became}) WITH ORDINALITY AS became (stop, place) USING (place)
                WHERE was.stop - {names} <> became.stop - {names} OR {written}
            )"""
        )
    return _other(kept, " OR ".join(rules))


def _postgresql_refuse(when: str) -> None:
    """A check violation (23514), so that the driver reports it as one of integrity."""
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION manifests_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'manifests is append-only' USING ERRCODE = '23514';
            END IF;
            IF {when} THEN
                RAISE EXCEPTION '{ONLY_NAMES}' USING ERRCODE = '23514';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def downgrade() -> None:
    """Back to one version a batch: it fails where there are more."""
    before = LISTS[:1]
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(*_columns()[:-4], sa.UniqueConstraint("batch_id", name=op.f("uq_manifests_batch_id")))
        _sqlite_guards("batch_id", _changed_in_sqlite(KEPT, before, BEFORE))
    else:
        _postgresql_refuse(_changed_in_postgresql(KEPT, before, BEFORE))
        op.drop_constraint("ck_manifests_later_versions_by_somebody", "manifests")
        op.drop_constraint("uq_manifests_batch_id_version", "manifests")
        op.create_unique_constraint("uq_manifests_batch_id", "manifests", ["batch_id"])
        for column in ("because", "made_by", "delta", "version"):
            op.drop_column("manifests", column)
    op.drop_column("staff", "delivers")
    op.drop_column("combos", "cold_chain")
