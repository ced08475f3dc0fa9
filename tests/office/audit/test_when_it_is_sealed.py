"""When rows are sealed: by the shell, at the end of an import, before a dispatch; and the head for elsewhere."""

import pytest

from kernel import clock
from kernel.chain.queries import GENESIS, head
from kernel.chain.verify import unsealed
from tests import make
from tests.bank import agribank_csv
from tests.desk import rows, send


@pytest.fixture
def audit(cli_runner):
    def run(*words):
        result = cli_runner.invoke(args=["audit", *words])
        assert result.exit_code == 0, result.output
        return result.stdout.splitlines()

    return run


def test_an_empty_city_has_a_head_and_is_right(audit):
    assert audit("head") == [GENESIS]
    assert audit("seal") == ["Not sealed yet: no row"]
    assert audit("verify")[-1] == "Nothing was changed, deleted, inserted or moved."


def test_the_shell_seals_what_came(session, audit):
    make.paid_order()
    session.commit()
    waits = {tail.table for tail in unsealed(session)}

    told = audit("seal")
    newest = head(session)

    assert waits >= {"postings", "allocations", "order_events"}
    assert told[0] == "Not sealed yet: no row"
    assert newest is not None
    assert audit("head") == [newest.hash]
    assert newest.hash in told[1]


def test_an_import_is_sealed_when_it_is_done(session, cli_runner, tmp_path):
    make.bank_account("AGR")
    order = make.order(total=130_000)
    file = tmp_path / "agribank.csv"
    file.write_bytes(agribank_csv((clock.today(), 130_000, f"{order.code} {order.phone}"), (clock.today(), -5, "phi")))

    result = cli_runner.invoke(args=["payments", "import", str(file)])

    assert result.exit_code == 0, result.output
    assert "1 decided" in result.stdout
    assert unsealed(session) == []
    sealed = {table for (table,) in rows(session, "SELECT DISTINCT rows_of FROM chain_links")}
    assert sealed >= {"inbound_messages", "transfers", "debits", "postings", "allocations", "order_events"}


def test_what_a_dispatch_goes_by_is_sealed_before(session):
    order = make.paid_order()
    session.commit()

    send(session, order.round)

    assert {tail.table for tail in unsealed(session)} == {"manifests", "parcel_events", "purchase_orders"}
