"""A manifest of so many stops, the same for the same seed: nobody's real name or address."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from orders.reference import check_symbol
from people.blocks import place_of, way_order
from shop.quantities import parse_item
from suppliers.manifest import fingerprint, totals
from suppliers.models import Manifest

WARDS = ("An Bình", "Bình An", "Bình Thắng", "Dĩ An", "Đông Hòa", "Tân Bình", "Tân Đông Hiệp")
BLOCKS = ("Bình Minh", "Thống Nhất", "Chiêu Liêu", "Nhị Đồng", "Tân Quý")
STREETS = ("Lý Thường Kiệt", "Nguyễn An Ninh", "Đường số 10", "Trần Hưng Đạo", "Võ Thị Sáu", "Lê Hồng Phong")
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Trương")
GIVEN = ("Thị Ngọc Ánh", "Vĩnh Kỳ", "Văn Minh", "Thị Bưởi", "Quỳnh Như", "Quốc Huy", "Thị Kim Thoa")
NOTES = ("", "", "", "Gọi trước khi đến, cổng màu xanh")
COMBOS = Path(__file__).resolve().parents[2] / "shop" / "combos.json"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def manifest(stops: int, seed: int = 7) -> Manifest:
    """A manifest in its first version, of no database."""
    snapshot = _snapshot(stops, random.Random(seed))
    return Manifest(number=snapshot["number"], version=1, snapshot=snapshot, sha256=fingerprint(snapshot), delta={})


def _snapshot(many: int, chance: random.Random) -> dict[str, Any]:
    combos = _combos()
    listed = [_stop(combos, chance) for _stop_ in range(many)]
    listed.sort(key=lambda stop: (WARDS.index(stop["ward"]), way_order(stop["address"])))
    stops = [{"stop": number, **stop} for number, stop in enumerate(listed, start=1)]
    contents = {combo["code"]: combo["items"] for combo in combos}
    return {
        "form": 2,
        "number": "0001-RAU-1",
        "version": 1,
        "supplier": {"code": "RAU", "name": "Hợp tác xã Rau sạch Dĩ An"},
        "round": {"name": "Đợt giao 08/09/2021", "delivery_on": "2021-09-08"},
        "made_at": "2021-09-07T20:00:00+07:00",
        "combos": [{**combo, "quantity": _times(stops, combo["code"])} for combo in combos],
        "items": totals(stops, contents, {combo["code"] for combo in combos if combo["cold"]}),
        "amount": 0,
        "stops": stops,
    }


def _times(stops: list[dict[str, Any]], code: str) -> int:
    return sum(line["quantity"] for stop in stops for line in stop["lines"] if line["code"] == code)


def _combos() -> list[dict[str, Any]]:
    listed = json.loads(COMBOS.read_text(encoding="utf-8"))["combos"]
    return [
        {
            "code": combo["code"],
            "name": combo["name"],
            "position": place,
            "cold": "Thịt" in combo["group"],
            "items": [
                {"name": item.name, "quantity": item.quantity, "unit": item.unit.value, "measure": item.measure}
                for item in (parse_item(text) for text in combo["items"].split(";"))
            ],
        }
        for place, combo in enumerate(listed)
    ]


def _stop(combos: list[dict[str, Any]], chance: random.Random) -> dict[str, Any]:
    body = "DC" + "".join(chance.choices(ALPHABET, k=6))
    house = f"{chance.randint(1, 220)}" + chance.choice(("", "", "A", f"/{chance.randint(1, 40)}"))
    block = f"KP {chance.choice(BLOCKS)} {chance.randint(1, 2)}"
    address = f"{house} {chance.choice(STREETS)}, {block}"
    bought = chance.sample(combos, k=chance.choice((1, 1, 1, 2, 3)))
    return {
        "code": body + check_symbol(body[2:]),
        "ward": chance.choice(WARDS),
        "block": place_of(address).block,
        "address": address,
        "name": f"{chance.choice(FAMILIES)} {chance.choice(GIVEN)}",
        "phone": f"09{chance.randint(0, 99_999_999):08d}",
        "note": chance.choice(NOTES),
        "lines": [
            {"name": combo["name"], "code": combo["code"], "quantity": chance.choice((1, 1, 2))} for combo in bought
        ],
        "amount": 0,
        "cold": any(combo["cold"] for combo in bought),
    }
