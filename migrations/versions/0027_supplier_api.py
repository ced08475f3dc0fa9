"""The suppliers' API: tokens whose rights never change, answers to repeated requests, which token saw a manifest

Revision 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
FROZEN = "prefix, secret_hash, name, supplier_id, staff_id, scopes, created_at, expires_at"
SQLITE_SAME = ("id", "prefix")


def upgrade() -> None:
    _tokens()
    _answers()
    _views()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=False, server_default=""),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_tokens_lasts")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_api_tokens_supplier_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_api_tokens_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_tokens_prefix")),
    )
    op.create_index(op.f("ix_api_tokens_supplier_id"), "api_tokens", ["supplier_id"])


def _answers() -> None:
    op.create_table(
        "api_answers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_tokens.id"], name=op.f("fk_api_answers_token_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answers")),
        sa.UniqueConstraint("token_id", "key", name=op.f("uq_api_answers_token_id_key")),
    )
    op.create_index(op.f("ix_api_answers_at"), "api_answers", ["at"])


def _views() -> None:
    """A view by a program: who made its token, and which token it was."""
    if op.get_bind().dialect.name == "sqlite":  # it adds no constraint to a table that is there, but a column with one
        op.execute("ALTER TABLE manifest_views ADD COLUMN token_id BIGINT REFERENCES api_tokens (id)")
        return
    op.add_column("manifest_views", sa.Column("token_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_manifest_views_token_id"), "manifest_views", "api_tokens", ["token_id"], ["id"])


def _sqlite() -> None:
    _sqlite_refuse("api_tokens_delete", "DELETE ON api_tokens", "1", "a token is never deleted, but revoked")
    _sqlite_refuse("api_tokens_frozen", f"UPDATE OF {FROZEN} ON api_tokens", "1", "a token never changes")
    _sqlite_refuse(
        "api_tokens_revoked", "UPDATE OF revoked_at, revoked_by ON api_tokens", "OLD.revoked_at IS NOT NULL",
        "a revoked token stays so",
    )  # fmt: skip
    for key in SQLITE_SAME:
        taken = f"EXISTS (SELECT 1 FROM api_tokens WHERE {key} = NEW.{key})"
        _sqlite_refuse(f"api_tokens_replace_{key}", "INSERT ON api_tokens", taken, "this token is there")


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql() -> None:
    _postgresql_refuse("api_tokens_delete", "DELETE ON api_tokens", "true", "a token is never deleted, but revoked")
    _postgresql_refuse("api_tokens_frozen", f"UPDATE OF {FROZEN} ON api_tokens", "true", "a token never changes")
    _postgresql_refuse(
        "api_tokens_revoked", "UPDATE OF revoked_at, revoked_by ON api_tokens", "OLD.revoked_at IS NOT NULL",
        "a revoked token stays so",
    )  # fmt: skip


def _postgresql_refuse(name: str, moment: str, when: str, message: str) -> None:
    last = "OLD" if "DELETE" in moment else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {when} THEN RAISE EXCEPTION '{message}' USING ERRCODE = '23514'; END IF; RETURN {last}; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise RuntimeError("The guards are not taken away again. Restore a backup instead.")
