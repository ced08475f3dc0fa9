"""The short way decides as the long one does."""

from pathlib import Path

from orders.payments.matcher.answers import matched
from orders.payments.matcher.claims import judge
from orders.payments.matcher.decide import Bid, first_look, open_desk
from orders.payments.matcher.plain import plain_claim
from orders.payments.matcher.sight import Sight
from orders.payments.memo import take_apart
from orders.payments.rehearsal_files import read_orders, read_transfers

CORPUS = Path(__file__).parents[3] / "samples/corpus"


def test_on_every_transfer_of_the_sample_both_ways_agree_to_the_last_clue() -> None:
    desk = open_desk(read_orders(CORPUS / "orders.csv"))
    short = 0

    for _, _, transfer in read_transfers(CORPUS / "transfers.csv", wanted=lambda place: True):
        plain = plain_claim(transfer, take_apart(transfer.memo), desk)
        if plain:
            short += 1
            sight, bid = Sight(transfer, desk.book), first_look(transfer, desk)
            claim = judge(sight, desk)
            assert claim == plain[0]
            assert isinstance(bid, Bid)
            assert matched(sight, desk, claim=plain[0]) == bid.decision

    assert short > 1000
