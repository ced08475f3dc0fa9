"""The books of a whole database checked by plain SQL, apart from the code that keeps them."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

FROM_TO = "COALESCE(SUM(CASE WHEN moved_to = '{place}' THEN amount WHEN moved_from = '{place}' THEN -amount END), 0)"
PLACES = ("unplaced", "allocated", "credit", "refund_due", "refunded")

LAST_STEPS = "SELECT MAX(id) FROM shortage_steps GROUP BY shortage_id, order_id"

FAULTS = {
    "a transfer's places do not add up to its amount": f"""
        SELECT t.id FROM transfers t LEFT JOIN postings p ON p.transfer_id = t.id GROUP BY t.id, t.amount
        HAVING t.amount <> {" + ".join(FROM_TO.format(place=place).replace("amount", "p.amount") for place in PLACES)}
    """,
    **{
        f"a transfer's {place} is not what its postings say": f"""
        SELECT t.id FROM transfers t LEFT JOIN postings p ON p.transfer_id = t.id GROUP BY t.id, t.{place}
        HAVING t.{place} <> {FROM_TO.format(place=place).replace("amount", "p.amount")}
    """
        for place in PLACES
    },
    "a transfer came in twice, or never": """
        SELECT t.id FROM transfers t LEFT JOIN postings p ON p.transfer_id = t.id AND p.moved_from = 'bank'
        GROUP BY t.id, t.amount HAVING COUNT(p.id) <> 1 OR SUM(p.amount) <> t.amount
    """,
    "a transfer's allocations are not what its postings say": f"""
        SELECT p.transfer_id FROM postings p WHERE p.transfer_id IS NOT NULL GROUP BY p.transfer_id
        HAVING {FROM_TO.format(place="allocated")}
            <> (SELECT COALESCE(SUM(a.amount), 0) FROM allocations a WHERE a.transfer_id = p.transfer_id)
    """,
    "an allocation has no posting of its own": """
        SELECT a.id FROM allocations a LEFT JOIN postings p ON p.allocation_id = a.id
        GROUP BY a.id, a.amount HAVING COUNT(p.id) <> 1 OR SUM(p.amount) <> ABS(a.amount)
    """,
    "a reversal is not of what it reverses": """
        SELECT r.id FROM allocations r JOIN allocations a ON a.id = r.reverses_id
        WHERE r.amount <> -a.amount OR r.order_id <> a.order_id
        OR COALESCE(r.transfer_id, 0) <> COALESCE(a.transfer_id, 0)
    """,
    "a transfer's refund due is not what its refunds under way say": """
        SELECT t.id FROM transfers t LEFT JOIN refunds r ON r.transfer_id = t.id
        AND r.state IN ('proposed', 'applied') AND r.stopped_at IS NULL AND r.debit_id IS NULL
        GROUP BY t.id, t.refund_due HAVING t.refund_due <> COALESCE(SUM(r.amount), 0)
    """,
    "what was refunded of a transfer is not what its paid refunds say": """
        SELECT t.id FROM transfers t LEFT JOIN refunds r ON r.transfer_id = t.id AND r.debit_id IS NOT NULL
        GROUP BY t.id, t.refunded HAVING t.refunded <> COALESCE(SUM(r.amount), 0)
            + (SELECT COALESCE(SUM(d.amount), 0) FROM debits d WHERE d.reverses_id = t.id)
    """,
    "a debit reverses a transfer and is no reversal, or is of another sum or account": """
        SELECT d.id FROM debits d JOIN transfers t ON t.id = d.reverses_id
        WHERE d.kind <> 'reversal' OR t.amount <> d.amount OR t.account_id <> d.account_id
    """,
    "a debit is a refund without one, or the other way round": """
        SELECT d.id FROM debits d LEFT JOIN refunds r ON r.debit_id = d.id
        WHERE (d.kind = 'refund') <> (r.id IS NOT NULL)
    """,
    "an order has less than nothing, or more than is due for it": """
        SELECT o.id FROM orders o JOIN allocations a ON a.order_id = o.id GROUP BY o.id, o.total, o.deducted
        HAVING SUM(a.amount) NOT BETWEEN 0 AND o.total - o.deducted
    """,
    "what is deducted of an order is not what its deductions say": """
        SELECT o.id FROM orders o LEFT JOIN deductions d ON d.order_id = o.id GROUP BY o.id, o.deducted
        HAVING o.deducted <> COALESCE(SUM(d.amount), 0)
    """,
    "of a line less than nothing is deducted, or more than it came to": """
        SELECT l.id FROM order_lines l JOIN deductions d ON d.line_id = l.id GROUP BY l.id, l.quantity, l.unit_price
        HAVING SUM(d.amount) NOT BETWEEN 0 AND l.quantity * l.unit_price
    """,
    "a deduction is not of its order's line, or of one that has not left": """
        SELECT d.id FROM deductions d JOIN order_lines l ON l.id = d.line_id JOIN orders o ON o.id = d.order_id
        WHERE l.order_id <> d.order_id OR l.supplier_id <> d.supplier_id OR o.dispatched_at IS NULL
    """,
    "a deduction's reversal is not of what it reverses": """
        SELECT r.id FROM deductions r JOIN deductions d ON d.id = r.reverses_id
        WHERE r.amount <> -d.amount OR r.line_id <> d.line_id OR r.quantity <> d.quantity
    """,
    "a confirmed order that has not left is not paid": """
        SELECT o.id FROM orders o LEFT JOIN allocations a ON a.order_id = o.id
        WHERE o.state = 'confirmed' AND o.dispatched_at IS NULL GROUP BY o.id, o.total, o.deducted
        HAVING COALESCE(SUM(a.amount), 0) <> o.total - o.deducted
    """,
    "an open order is paid": """
        SELECT o.id FROM orders o JOIN allocations a ON a.order_id = o.id WHERE o.state = 'open'
        GROUP BY o.id, o.total, o.deducted HAVING SUM(a.amount) = o.total - o.deducted
    """,
    "an ended order keeps money": """
        SELECT o.id FROM orders o JOIN allocations a ON a.order_id = o.id WHERE o.state IN ('expired', 'cancelled')
        GROUP BY o.id HAVING SUM(a.amount) <> 0
    """,
    "an order's state is not its history's last": """
        SELECT o.id FROM orders o WHERE o.state <> (
            SELECT e.became FROM order_events e WHERE e.order_id = o.id ORDER BY e.id DESC LIMIT 1)
    """,
    "an ended order holds a place": """
        SELECT o.id FROM orders o JOIN place_holds h ON h.order_id = o.id AND h.released_at IS NULL
        WHERE o.state IN ('expired', 'cancelled')
    """,
    "a capacity does not hold what its orders hold": """
        SELECT c.id FROM capacities c LEFT JOIN place_holds h ON h.capacity_id = c.id AND h.released_at IS NULL
        GROUP BY c.id, c.held HAVING c.held <> COUNT(h.id)
    """,
    "a parcel has nothing in it": """
        SELECT p.id FROM parcels p WHERE NOT EXISTS (
            SELECT 1 FROM order_lines l WHERE l.order_id = p.order_id AND l.supplier_id = p.supplier_id)
    """,
    "an order left without a parcel of each supplier": """
        SELECT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.dispatched_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM parcels p WHERE p.order_id = o.id AND p.supplier_id = l.supplier_id)
    """,
    "a shortage is not shared out whole": """
        SELECT s.id FROM shortages s LEFT JOIN shortage_shares h ON h.shortage_id = s.id GROUP BY s.id, s.missing
        HAVING COALESCE(SUM(h.quantity), 0) < s.missing
    """,
    "of a line more is missing than was ordered": """
        SELECT h.line_id FROM shortage_shares h JOIN shortages s ON s.id = h.shortage_id
        JOIN order_lines l ON l.id = h.line_id WHERE s.withdrawn_at IS NULL
        GROUP BY h.line_id, s.item, s.unit, l.quantity HAVING SUM(h.portions) > l.quantity
    """,
    "a shortage does not count the calls to be made": f"""
        SELECT s.id FROM shortages s LEFT JOIN shortage_steps p ON p.shortage_id = s.id AND p.became = 'call'
        AND p.id IN ({LAST_STEPS}) GROUP BY s.id, s.calls_waiting HAVING COUNT(p.id) <> s.calls_waiting
    """,
    "a shortage that was taken back deducts something": """
        SELECT s.id FROM shortages s JOIN shortage_entries e ON e.shortage_id = s.id
        JOIN deductions d ON d.id = e.deduction_id OR d.reverses_id = e.deduction_id
        WHERE s.withdrawn_at IS NOT NULL GROUP BY s.id HAVING SUM(d.amount) <> 0
    """,
    "who gets the money back has nothing deducted": f"""
        SELECT p.id FROM shortage_steps p WHERE p.became = 'refund' AND p.id IN ({LAST_STEPS})
        AND NOT EXISTS (SELECT 1 FROM shortage_entries e WHERE e.shortage_id = p.shortage_id
            AND e.order_id = p.order_id AND e.deduction_id IS NOT NULL)
        AND (SELECT deducted FROM orders o WHERE o.id = p.order_id) = 0
    """,
    "who gets something instead, or is still to be called, has something deducted": f"""
        SELECT p.id FROM shortage_steps p JOIN shortage_entries e ON e.shortage_id = p.shortage_id
        AND e.order_id = p.order_id WHERE p.became IN ('call', 'equivalent') AND p.id IN ({LAST_STEPS})
    """,
    "a shortage that was taken back still has a refund under way": """
        SELECT s.id FROM shortages s JOIN shortage_entries e ON e.shortage_id = s.id
        JOIN refunds r ON r.id = e.refund_id WHERE s.withdrawn_at IS NOT NULL AND r.state IN ('proposed', 'applied')
        AND r.stopped_at IS NULL AND r.debit_id IS NULL
    """,
    "more money goes back for a shortage than it deducts": """
        SELECT a.order_id FROM allocations a
        WHERE a.because LIKE 'shortage %' AND a.because NOT LIKE '%taken back' GROUP BY a.order_id, a.because
        HAVING SUM(a.amount) < -(SELECT COALESCE(SUM(d.amount), 0) FROM deductions d
            WHERE d.order_id = a.order_id AND d.because = a.because)
    """,
    "a message of a booked row names no transfer, or one of money that went out or is in doubt names one": """
        SELECT id FROM inbound_messages WHERE (outcome IN ('outgoing', 'quarantined')) <> (transfer_id IS NULL)
    """,
    "a day of an account is not what came in and went out": """
        SELECT COALESCE(d.account_id, m.account_id) FROM (
            SELECT account_id, booked_on, SUM(came_in) AS came_in, SUM(went_out) AS went_out FROM (
                SELECT account_id, booked_on, amount AS came_in, 0 AS went_out FROM transfers
                UNION ALL SELECT account_id, booked_on, 0, amount FROM debits) AS moved
            GROUP BY account_id, booked_on) AS m
        FULL JOIN account_days d ON d.account_id = m.account_id AND d.day = m.booked_on
        WHERE COALESCE(d.came_in, -1) <> COALESCE(m.came_in, -1) OR COALESCE(d.went_out, -1) <> COALESCE(m.went_out, -1)
    """,
    "a message of money that went out names no debit of its sum, or another names one": """
        SELECT m.id FROM inbound_messages m LEFT JOIN debits d ON d.id = m.debit_id
        WHERE (m.outcome = 'outgoing') <> (d.id IS NOT NULL)
    """,
    "a webhook's message names no transfer where it should, or one where it should not": """
        SELECT id FROM hook_messages WHERE (outcome IN ('booked', 'known')) <> (transfer_id IS NOT NULL)
    """,
    "a webhook's message in quarantine names no doubt": """
        SELECT id FROM hook_messages WHERE outcome = 'quarantined' AND doubt_id IS NULL
    """,
    "a telling is of another account than its transfer": """
        SELECT g.id FROM tellings g JOIN transfers t ON t.id = g.transfer_id WHERE g.account_id <> t.account_id
    """,
    "one feed has told a transfer twice": """
        SELECT transfer_id FROM tellings GROUP BY transfer_id, feed HAVING COUNT(*) > 1
    """,
    "a transfer was booked by two messages": """
        SELECT transfer_id FROM inbound_messages WHERE outcome = 'booked' GROUP BY transfer_id HAVING COUNT(*) > 1
    """,
}


# In one statement: PostgreSQL answers it in half the time that they take one after the other, SQLite in a seventh.
ALL_FAULTS = "WITH {} {}".format(
    ", ".join(f"fault{number}(id) AS ({query})" for number, query in enumerate(FAULTS.values())),
    " UNION ALL ".join(f"SELECT {number}, id FROM fault{number}" for number in range(len(FAULTS))),
)


def faults(session: Session) -> Iterator[str]:
    """What is wrong in the books: one line a fault, with the ids of the rows that show it."""
    found: dict[int, list[int]] = {}
    for fault, row in session.execute(text(ALL_FAULTS)):
        found.setdefault(fault, []).append(row)
    for number, fault in enumerate(FAULTS):
        if number in found:
            yield f"{fault}: {found[number][:10]}"


def check(session: Session) -> None:
    """Every rule of the ledger holds, over the whole database."""
    session.flush()
    assert list(faults(session)) == []


def balances(session: Session) -> dict[str, dict[str, int]]:
    """Transfer's identity → place or order's code → đồng: how the money lies now, whatever way it came there."""
    moved = text(
        "SELECT t.identity, p.moved_from, p.moved_to, p.amount, o.code FROM postings p"
        " JOIN transfers t ON t.id = p.transfer_id LEFT JOIN orders o ON o.id = p.order_id"
    )
    lies: dict[str, dict[str, int]] = {}
    for identity, moved_from, moved_to, amount, code in session.execute(moved):
        here = lies.setdefault(identity, {})
        for place, sum_ in ((moved_from, -amount), (moved_to, amount)):
            name = code if place == "allocated" else place
            here[name] = here.get(name, 0) + sum_
    return {
        identity: {place: sum_ for place, sum_ in sorted(here.items()) if sum_ and place != "bank"}
        for identity, here in lies.items()
    }


def states(session: Session) -> dict[str, str]:
    """Order's code → state."""
    return {row.code: row.state for row in session.execute(text("SELECT code, state FROM orders"))}


def count(session: Session, table: str) -> int:
    return int(session.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one())
