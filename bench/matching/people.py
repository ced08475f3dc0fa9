"""Invented residents: names by their real frequencies, phones, wards, addresses, and the sums of their orders."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

from kernel.text import fold
from orders.reference import ALPHABET, PREFIX, check_symbol

VIETNAM = timezone(timedelta(hours=7))
MONDAY = datetime(2021, 8, 30, 6, 0, tzinfo=VIETNAM)

# fmt: off
SURNAMES = {
    "Nguyễn": 325, "Trần": 96, "Lê": 89, "Phạm": 63, "Huỳnh": 45, "Võ": 40, "Đặng": 26, "Bùi": 25, "Đỗ": 20, "Hồ": 18, "Ngô": 17, "Dương": 15,
    "Lý": 12, "Đinh": 12, "Trương": 14, "Phan": 30, "Vũ": 24, "Hoàng": 22, "Mai": 10, "Lâm": 9, "Đào": 9, "Đoàn": 9, "Cao": 8, "Hà": 7, "Tạ": 5,
    "Thái": 5, "Lương": 7, "Châu": 5, "Quách": 2, "Tô": 3, "Kiều": 2, "Phùng": 4, "Trịnh": 5, "Lưu": 4, "Từ": 2, "Ông": 1, "Thạch": 2,
}
MIDDLES = [
    "Thị", "Văn", "Thị", "Văn", "Thị", "Minh", "Ngọc", "Thanh", "Hữu", "Kim", "Đức", "Quốc", "Mỹ", "Bích", "Hồng", "Anh", "Thu", "Tuyết", "Gia", "Công",
    "Xuân", "Như", "Phương", "Diễm", "Chí", "Tấn", "Đình", "Quang", "Hoàng", "Hải", "An", "Bình",
]
GIVEN = [
    "Lan", "Hùng", "Hương", "Hoa", "Tuấn", "Dũng", "Nga", "Linh", "Hạnh", "Thảo", "Trang", "Hà", "Mai", "Anh", "Ngân", "Thủy", "Thúy", "Tâm", "Nam",
    "Sơn", "Long", "Phúc", "Phát", "Khoa", "Việt", "Đạt", "Toàn", "Loan", "Oanh", "Yến", "Vy", "Như", "Quyên", "Giang", "Diệp", "Châu", "Bình", "An",
    "Hiền", "Hằng", "Huệ", "Liên", "My", "Nhung", "Thắng", "Đông", "Hòa", "Tân", "Trí", "Nhân", "Nghĩa", "Quý", "Tài", "Kiên", "Cường", "Thịnh",
]
STREETS = ["Trần Hưng Đạo", "Nguyễn An Ninh", "Lê Trọng Tấn", "Cô Giang", "Cô Bắc", "Lý Thường Kiệt", "ĐT 743", "Quốc lộ 1K", "Bùi Thị Xuân"]
QUARTERS = ["Nhị Đồng 1", "Đông Tân", "Tân Long", "Chiêu Liêu", "Tây A", "Bình Minh 1", "Thống Nhất 1"]
WARDS = {"Dĩ An": 32, "Tân Đông Hiệp": 18, "Đông Hòa": 12, "Tân Bình": 10, "An Bình": 10, "Bình An": 8, "Bình Thắng": 8}
SUMS = {
    500: 377, 300: 343, 200: 298, 150: 272, 400: 203, 350: 165, 250: 151, 130: 148, 100: 124, 650: 100, 700: 80, 450: 74, 550: 60, 600: 58, 800: 44,
    280: 30, 430: 30, 330: 25, 580: 20, 900: 25, 1000: 24, 850: 20, 1300: 10, 1100: 12, 930: 8, 480: 8, 1250: 5,
}
PREFIXES = ["03", "05", "07", "08", "09"]
# fmt: on


@dataclass
class Order:
    """An order as a file of orders holds it; ``total`` in whole đồng."""

    code: str
    name: str
    phone: str
    ward: str
    address: str
    total: int
    placed_at: datetime
    status: str = "awaiting_payment"

    @property
    def plain(self) -> str:
        return fold(self.name).title()

    @property
    def expires_at(self) -> datetime:
        return self.placed_at + timedelta(days=1)


@dataclass
class City:
    """The orders of a set, and the chance that makes them."""

    chance: random.Random
    orders: list[Order] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    def pick(self, weighted: dict[str, int]) -> str:
        return self.chance.choices(list(weighted), weights=list(weighted.values()))[0]

    def code(self) -> str:
        while True:
            body = "".join(self.chance.choices(ALPHABET, k=6))
            if (code := PREFIX + body + check_symbol(body)) not in self.codes:
                self.codes.add(code)
                return code

    def phone(self) -> str:
        while True:
            phone = self.chance.choice(PREFIXES) + "".join(self.chance.choices("0123456789", k=8))
            if phone not in self.phones:
                self.phones.add(phone)
                return phone

    def name(self) -> str:
        middles = self.chance.choices([0, 1, 2], weights=[10, 65, 25])[0]
        given = GIVEN[min(int(self.chance.expovariate(0.05)), len(GIVEN) - 1)]
        return " ".join([self.pick(SURNAMES), *self.chance.choices(MIDDLES, k=middles), given])

    def address(self) -> str:
        number = f"{self.chance.randint(1, 400)}" + self.chance.choice(["", "", f"/{self.chance.randint(1, 60)}"])
        return f"{number} {self.chance.choice(STREETS)}, KP {self.chance.choice(QUARTERS)}"

    def total(self) -> int:
        return 1000 * self.chance.choices(list(SUMS), weights=list(SUMS.values()))[0]

    def moment(self) -> datetime:
        return MONDAY + timedelta(minutes=self.chance.randint(0, 60 * 44))

    def order(self, like: Order | None = None, **changes: object) -> Order:
        """A new order; ``like`` another's person, with ``changes``."""
        fresh = Order(self.code(), self.name(), "", self.pick(WARDS), self.address(), self.total(), self.moment())
        if like:
            fresh = replace(fresh, name=like.name, phone=like.phone, ward=like.ward, address=like.address)
        made = replace(fresh, **changes)  # type: ignore[arg-type]
        made.phone = made.phone or self.phone()
        self.orders.append(made)
        return made
