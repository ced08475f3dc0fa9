"""Transfers that a process of its own reads ahead: who takes which, and where it all ends."""

import multiprocessing
from itertools import islice, zip_longest

import pytest

from orders.payments import rehearsal_files, rehearsal_rows
from orders.payments.rehearsal_ahead import read_ahead
from orders.payments.rehearsal_faults import FileFault

HEAD = "transfer_id,booked_at,amount,memo\n"
ROWS = 6_000  # one a block: more places than a pipe has room for (4,096)


@pytest.fixture
def transfers(tmp_path, monkeypatch):
    for module in (rehearsal_files, rehearsal_rows):
        monkeypatch.setattr(module, "BLOCK", 1)
    path = tmp_path / "transfers.csv"
    path.write_text(HEAD + "".join(f"T{number},2021-08-30,1000,memo {number}\n" for number in range(ROWS)))
    return path


def ids(blocks):
    return [transfer.id for block in blocks for transfer in block.facts]


def test_whoever_is_done_takes_the_next_and_none_is_taken_twice(transfers):
    with read_ahead(transfers, shares=2) as ahead:
        busy, quick = ahead.shares
        first = ids(islice(busy, 1))
        rest = ids(quick)

        assert (first, len(rest)) == (["T0"], ROWS - 1)
        assert set(first + rest) == {f"T{number}" for number in range(ROWS)}
        assert ids(busy) == []
        assert ahead.peak_mb > 0


def test_each_block_stands_at_its_place(transfers):
    with read_ahead(transfers, shares=2) as ahead:
        pairs = zip_longest(*ahead.shares)
        places = {block.first: block.facts[0].memo for pair in pairs for block in pair if block}

    assert places == {number: f"memo {number}" for number in range(ROWS)}


def test_two_processes_at_once_get_each_block_whole(transfers):
    with read_ahead(transfers, shares=2) as ahead:
        fork = multiprocessing.get_context("fork")
        told, tells = fork.Pipe(duplex=False)
        other = fork.Process(target=lambda: tells.send(ids(ahead.shares[1])), daemon=True)
        other.start()
        both = ids(ahead.shares[0]) + told.recv()
        other.join()

    assert sorted(both) == sorted(f"T{number}" for number in range(ROWS))


def test_every_share_hears_of_a_fault(transfers):
    with transfers.open("a") as file:
        file.write("T0,2021-08-30,1000,again\n")

    with read_ahead(transfers, shares=2) as ahead:
        faults = []
        for share in ahead.shares:
            with pytest.raises(FileFault) as caught:
                ids(share)
            faults.append(caught.value.line)

    assert faults == [ROWS + 2, ROWS + 2]


def test_a_reader_that_nobody_listens_to_ends(transfers):
    with read_ahead(transfers, shares=2) as ahead:
        next(ahead.shares[0])
        reading = multiprocessing.active_children()

    assert (len(reading), multiprocessing.active_children()) == (1, [])
