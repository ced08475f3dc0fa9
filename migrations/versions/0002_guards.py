"""Guards that no code can forget: append-only tables, the unplaced sum, no confirmation of what is not paid

Revision 0002, after 0001.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

APPEND_ONLY = (
    "allocations",
    "postings",
    "inbound_messages",
    "desk_events",
    "order_events",
    "parcel_events",
    "manifests",
    "manifest_views",
)

# Of a transfer only these may change.
FROZEN_TRANSFER = "id, account_id, identity, booked_on, earliest, latest, likely_at, amount, reference, memo, payer_name, payer_account, bank_hint"

# What SQLite's REPLACE would go by to delete a row that is here, without asking a trigger on DELETE.
KEYS = {
    "allocations": ("id", "reverses_id"),
    "postings": ("id", "reverses_id"),
    "inbound_messages": ("id", "statement_id, row"),
    "manifests": ("id", "number", "batch_id"),
}

PAID_SUM = "(SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE order_id = NEW.{order})"
UNPAID = f"NEW.state = 'confirmed' AND {PAID_SUM.format(order='id')} < NEW.total"
OVERPAID = (
    f"{PAID_SUM.format(order='order_id')} + NEW.amount"
    " NOT BETWEEN 0 AND (SELECT total FROM orders WHERE id = NEW.order_id)"
)
OWING = f"{PAID_SUM.format(order='order_id')} < (SELECT total FROM orders WHERE id = NEW.order_id)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _sqlite_refuse(f"{table}_{verb.lower()}", f"{verb} ON {table}", "1", f"{table} is append-only")
        for number, key in enumerate(KEYS.get(table, ("id",))):
            _sqlite_refuse(
                f"{table}_replace_{number}", f"INSERT ON {table}", _taken(table, key), f"{table} is append-only"
            )
    _sqlite_refuse("transfers_replace", "INSERT ON transfers", _taken("transfers", "id"), "a transfer is never changed")
    _sqlite_refuse("transfers_delete", "DELETE ON transfers", "1", "a transfer is never deleted")
    _sqlite_refuse("transfers_frozen", f"UPDATE OF {FROZEN_TRANSFER} ON transfers", "1", "a transfer is never changed")
    for name, verb in (("inserted", "INSERT"), ("updated", "UPDATE OF state")):
        _sqlite_refuse(f"orders_paid_{name}", f"{verb} ON orders", UNPAID, "an unpaid order cannot be confirmed")
    _sqlite_refuse("allocations_within_total", "INSERT ON allocations", OVERPAID, "more than the order's total")
    _sqlite_refuse("parcels_paid", "INSERT ON parcels", OWING, "an unpaid order cannot be sent")
    op.execute(
        """
        CREATE TRIGGER postings_keep_unplaced AFTER INSERT ON postings WHEN NEW.transfer_id IS NOT NULL
        BEGIN
            UPDATE transfers
            SET unplaced = unplaced + NEW.amount * ((NEW.moved_to = 'unplaced') - (NEW.moved_from = 'unplaced'))
            WHERE id = NEW.transfer_id;
        END
        """
    )


def _taken(table: str, key: str) -> str:
    columns = key.split(", ")
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"


def _sqlite_refuse(name: str, moment: str, when: str, message: str) -> None:
    message = message.replace("'", "''")
    op.execute(f"CREATE TRIGGER {name} BEFORE {moment} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def _postgresql() -> None:
    for table in APPEND_ONLY:
        _postgresql_refuse(f"{table}_append_only", f"UPDATE OR DELETE ON {table}", "true", f"{table} is append-only")
    _postgresql_refuse("transfers_delete", "DELETE ON transfers", "true", "a transfer is never deleted")
    frozen = f"UPDATE OF {FROZEN_TRANSFER} ON transfers"
    _postgresql_refuse("transfers_frozen", frozen, "true", "a transfer is never changed")
    paid = "INSERT OR UPDATE OF state ON orders"
    _postgresql_refuse("orders_paid", paid, UNPAID, "an unpaid order cannot be confirmed")
    _postgresql_refuse("allocations_within_total", "INSERT ON allocations", OVERPAID, "more than the order's total")
    _postgresql_refuse("parcels_paid", "INSERT ON parcels", OWING, "an unpaid order cannot be sent")
    op.execute(
        """
        CREATE FUNCTION postings_keep_unplaced() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE transfers
            SET unplaced = unplaced + NEW.amount * ((NEW.moved_to = 'unplaced')::int - (NEW.moved_from = 'unplaced')::int)
            WHERE id = NEW.transfer_id;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER postings_keep_unplaced AFTER INSERT ON postings FOR EACH ROW"
        " WHEN (NEW.transfer_id IS NOT NULL) EXECUTE FUNCTION postings_keep_unplaced()"
    )


def _postgresql_refuse(name: str, moment: str, when: str, message: str) -> None:
    """A check violation (23514), so that the driver reports it as one of integrity."""
    message = message.replace("'", "''")
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
