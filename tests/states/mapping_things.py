"""A file whose columns nobody has named yet, and one whose columns somebody has."""

import dataclasses

from kernel import clock
from kernel.database import db
from orders.payments.feeds.asking.keep import remember
from orders.payments.feeds.asking.models import StatementUpload
from orders.payments.feeds.columns import Column, Order
from orders.payments.feeds.mapping import ColumnMapping, Look, fingerprint

TITLES = ["Ngày ghi", "Người gửi viết", "Cộng", "Trừ", "Còn lại sau cùng"]
ROWS = [
    ["Ngân hàng Thương mại Cổ phần của một thành phố khác"],
    TITLES,
    ["31/08/2021", "NGUYEN THI LAN_0912345678_DI AN", "130.000", "", "5.130.000"],
    ["31/08/2021", "daychinhlamotnoidungchuyenkhoanrấtdàikhôngcódấucáchnàocảđể…", "", "20.000", "5.110.000"],
]


def uploads(statement_id: str) -> dict[str, str]:
    """``statement_id``: what was read of the second file."""
    look = Look(0, 1, ROWS, {"date": 0}, "day", ".")
    places = {Column.DATE: 0, Column.MEMO: 1, Column.CREDIT: 2, Column.DEBIT: 3, Column.BALANCE: 4}
    said = ColumnMapping(fingerprint(TITLES), places, Order.DAY, ".")
    remember(db.session, said, TITLES, by="kinhte1", at=clock.now())
    kept = [_upload(look), _upload(look, int(statement_id))]
    db.session.add_all(kept)
    db.session.flush()
    return {"upload": str(kept[0].id), "mapped statement": statement_id}


def _upload(look: Look, statement_id: int | None = None) -> StatementUpload:
    return StatementUpload(
        filename="sao-ke-thang-8.csv",
        content=b"",
        look=dataclasses.asdict(look),
        account="",
        statement_id=statement_id,
        by="kinhte1",
        at=clock.now(),
    )
