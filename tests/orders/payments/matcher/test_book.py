"""Names of orders, folded all at once."""

import pytest

from kernel.text import search_key
from orders.payments.matcher.book import name_keys

PLAIN = ["Nguyễn Thị Lan", "Đặng Thuỳ", "le hoa", "TRẦN"]
SPACED = ["", " ", "Lê  Hoa", " Lê Hoa ", "Lê-Thị  Hoa.", "Lê\nHoa", "Lê\tHoa", "A\u00a0B"]
FOREIGN = ["Le\u0302 Hoa", "Ŵ Ǿ", "李 Hoa", "Strauß"]


@pytest.mark.parametrize("odd", [*SPACED, *FOREIGN], ids=ascii)
def test_each_is_its_search_key_whoever_stands_beside_it(odd: str) -> None:
    names = {*PLAIN, odd}

    assert name_keys(names) == {name: search_key(name) for name in names}


def test_nobody_has_no_names() -> None:
    assert name_keys(set()) == {}
