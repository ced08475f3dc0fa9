"""A statement outlives the request that read it: as JSON, and back."""

import json
from dataclasses import replace

import pytest

from orders.payments.feeds.statement import Statement
from tests.orders.payments.feeds.files import paid, statement


def test_a_statement_comes_back_as_it_was():
    above = [["Tu ngay 30/08/2021 den ngay 01/09/2021"], ["Số tài khoản:", "1013456789"]]
    whole = statement(paid(day="30/08/2021 06:21:08"), paid("broken"), paid(memo="Đặng"), above=above)

    assert Statement.from_json(json.loads(json.dumps(whole.to_json()))) == whole
    assert json.loads(whole.to_json_text()) == whole.to_json()
    assert whole.rows
    assert whole.refusals


@pytest.mark.parametrize("memo", ["half of a letter: \ud83d", 'quotes " and \\', "dòng\nhai", "\x7f", "😀"])
def test_it_is_written_down_alike_whatever_a_memo_holds(memo):
    whole = statement(paid())
    odd = replace(whole, rows=tuple(replace(row, memo=memo, amount=2**70) for row in whole.rows))

    assert json.loads(odd.to_json_text()) == odd.to_json()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("rows"),
        lambda data: data.pop("period_to"),
        lambda data: data.update(unknown=1),
        lambda data: data["rows"][0].update(direction="sideways"),
        lambda data: data["rows"][0].update(booked_on="30/08/2021"),
        lambda data: data["rows"][0].pop("amount"),
        lambda data: data["rows"].append(None),
        lambda data: data["refusals"].append({"reason": "because"}),
    ],
)
def test_what_is_no_statement_is_refused(spoil):
    data = statement(paid()).to_json()
    spoil(data)

    with pytest.raises((KeyError, TypeError, ValueError)):
        Statement.from_json(data)
