"""The demo city: combos, suppliers, rounds, staff of each role, the office's accounts. Nobody in it is real."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from orders.payments.banks import AGRIBANK, VIETCOMBANK
from orders.payments.feeds.models import BankAccount
from people.models import Role, Staff, Supplier, Team, TeamBlock, Vehicle
from people.passwords import hashed
from people.queries import wards
from shop.models import Capacity, Combo, ComboItem, Round
from shop.quantities import parse_item
from shop.rounds import round_delivering

COMBOS = Path(__file__).parent.parent / "shop" / "combos.json"
ACCOUNTS = ((VIETCOMBANK, "1013456789"), (AGRIBANK, "5590205123456"))
HOLDER = "PHONG KINH TE TP DI AN"
PLACES = 400
ROUND_DAYS = range(2, 32, 2)

SUPPLIERS = {
    "RAU": ("Hợp tác xã Rau sạch Dĩ An", "0900000101", {"Rau củ", "Trái cây", "Chay"}),
    "THIT": ("Cửa hàng Thịt cá Tân Long", "0900000102", {"Thịt cá", "Rau + thịt"}),
    "KHO": ("Siêu thị Nhu yếu phẩm Đông Tân", "0900000103", set()),
}
STAFF = (
    ("kinhte1", "Chuyên viên 1, Phòng Kinh tế", Role.OFFICE, None),
    ("kinhte2", "Chuyên viên 2, Phòng Kinh tế", Role.OFFICE, None),
    ("rau", "Điều phối, Hợp tác xã Rau sạch", Role.SUPPLIER, "RAU"),
    ("thit", "Điều phối, Cửa hàng Thịt cá", Role.SUPPLIER, "THIT"),
    ("kho", "Điều phối, Siêu thị Nhu yếu phẩm", Role.SUPPLIER, "KHO"),
    ("giao1", "Người giao hàng, Đội Rau 1", Role.COURIER, "RAU"),
)
TEAM, TEAM_PHONE = "Đội Rau 1", "0900000201"
VEHICLES = (("Xe máy 1", "61-X1 111.11", 30), ("Xe máy 2", "61-X1 222.22", 30))


class NotEmpty(MarketError):
    """There is a city in this database already."""


def seed(session: Session) -> dict[str, str]:
    """Put the demo city into an empty database. Answers the sign-ins: name → password. Does not commit."""
    suppliers = {
        code: Supplier(code=code, name=name, phone=phone) for code, (name, phone, _groups) in SUPPLIERS.items()
    }
    session.add_all(suppliers.values())
    session.add_all(_combos(suppliers))
    rounds = [round_delivering(clock.today() + timedelta(days=days)) for days in ROUND_DAYS]
    session.add_all(rounds)
    session.add_all(_capacities(session, rounds, suppliers.values()))
    session.add_all(
        BankAccount(bank_code=bank.code, number=number, holder=HOLDER, receives=bank is VIETCOMBANK)
        for bank, number in ACCOUNTS
    )
    return _staff(session, suppliers)


def _combos(suppliers: dict[str, Supplier]) -> list[Combo]:
    listed = json.loads(COMBOS.read_text(encoding="utf-8"))["combos"]
    return [_combo(place, entry, suppliers) for place, entry in enumerate(listed, start=1)]


def _combo(place: int, entry: dict[str, Any], suppliers: dict[str, Supplier]) -> Combo:
    packer = next((code for code, (_n, _p, groups) in SUPPLIERS.items() if entry["group"] in groups), "KHO")
    items = [parse_item(text) for text in entry["items"].split(";")]
    return Combo(
        code=entry["code"],
        name=entry["name"],
        group=entry["group"],
        price=entry["price"],
        position=place,
        supplier=suppliers[packer],
        items=[
            ComboItem(
                position=number,
                name=item.name,
                quantity=item.quantity,
                unit=item.unit,
                measure=item.measure,
                remark=item.remark,
            )
            for number, item in enumerate(items, start=1)
        ],
    )


def _capacities(session: Session, rounds: Iterable[Round], suppliers: Iterable[Supplier]) -> list[Capacity]:
    all_wards, packers = wards(session), list(suppliers)
    return [
        Capacity(round=delivery, supplier=supplier, ward=ward, places=PLACES)
        for delivery in rounds
        for supplier in packers
        for ward in all_wards
    ]


def _staff(session: Session, suppliers: dict[str, Supplier]) -> dict[str, str]:
    passwords = {username: secrets.token_urlsafe(9) for username, *_rest in STAFF}
    team = _team(session, suppliers["RAU"])
    session.add_all(
        Staff(
            username=username,
            name=name,
            role=role,
            password_hash=hashed(passwords[username]),
            supplier=suppliers[firm] if firm else None,
            team=team if role is Role.COURIER else None,
            # Two heads, so that one can agree to what the other proposes.
            manages=role is Role.OFFICE,
        )
        for username, name, role, firm in STAFF
    )
    return passwords


def _team(session: Session, supplier: Supplier) -> Team:
    """One team, which serves every ward whole."""
    return Team(
        supplier=supplier,
        name=TEAM,
        phone=TEAM_PHONE,
        blocks=[TeamBlock(ward=ward) for ward in wards(session)],
        vehicles=[Vehicle(name=name, plate=plate, bags=bags) for name, plate, bags in VEHICLES],
    )


def keep_accounts(path: Path, passwords: dict[str, str]) -> None:
    """Write the demo sign-ins to ``path``, readable by its owner only."""
    roles = {username: (role.value, name) for username, name, role, _firm in STAFF}
    accounts = [
        {"username": username, "password": password, "role": roles[username][0], "name": roles[username][1]}
        for username, password in passwords.items()
    ]
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
