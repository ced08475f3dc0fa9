"""Where a resident says that they live: what people copy from a phone's map, read as a point of the city."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from flask_babel import gettext as _

from kernel.errors import MarketError
from kernel.pins import Pin, metres
from people.wards import WARDS_2021, Ward

CITY_METRES = 12_000
"""Farther from the middle of every ward than this, it is not in the city."""

WARD_METRES = 4_000
"""Farther from the middle of the ward that was chosen, it is asked about once."""

_NUMBER = r"[-+]?[0-9]{1,3}(?:[.,][0-9]{1,17})?"
_PAIR = rf"(?P<one>{_NUMBER})\s*°?\s*[NB]?\s*[;,\s]\s*(?P<other>{_NUMBER})\s*°?\s*[EĐD]?"
_SPELT = re.compile(_PAIR, re.IGNORECASE)
_IN_LINKS = (
    re.compile(rf"!3d(?P<one>{_NUMBER})!4d(?P<other>{_NUMBER})"),
    re.compile(rf"[?&](?:q|query|ll|destination|daddr)=(?:loc:)?\s*(?P<one>{_NUMBER})\s*,\s*(?P<other>{_NUMBER})"),
    re.compile(rf"/@(?P<one>{_NUMBER}),(?P<other>{_NUMBER})"),
    re.compile(rf"/(?:search|place|dir)/(?P<one>{_NUMBER}),\s*(?P<other>{_NUMBER})"),
    re.compile(rf"^geo:(?P<one>{_NUMBER}),(?P<other>{_NUMBER})", re.IGNORECASE),
)
_LINK = re.compile(r"^(?:https?://|geo:|(?:www|maps)\.|goo\.gl/)", re.IGNORECASE)
_SHORT = re.compile(r"^(?:https?://)?(?:maps\.app\.goo\.gl|goo\.gl|g\.co)/", re.IGNORECASE)
_PLUS_CODE = re.compile(r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b", re.IGNORECASE)


class NoPin(MarketError):
    """What was typed names no point of the city."""


def read_pin(text: str) -> Pin:
    """The point that ``text`` names: two numbers, a map's long link, a geo: address. Nothing is looked up anywhere."""
    text = text.strip()
    if _SHORT.match(text):
        raise NoPin(
            _("A short link does not say where the place is. Open it, then copy the two numbers that the map shows.")
        )
    if found := _found(text):
        return _in_the_city(found)
    if _PLUS_CODE.search(text):
        raise NoPin(_("A plus code cannot be read here. Copy the two numbers instead, for example 10.9056, 106.7692."))
    raise NoPin(_("We cannot read a place from this. Copy two numbers from the map, for example 10.9056, 106.7692."))


def _found(text: str) -> re.Match[str] | None:
    if not _LINK.match(text):
        return _SPELT.fullmatch(text)
    link = unquote_plus(text)
    return next((last for pattern in _IN_LINKS for last in list(pattern.finditer(link))[-1:]), None)


def _in_the_city(found: re.Match[str]) -> Pin:
    one, other = (float(found[name].replace(",", ".")) for name in ("one", "other"))
    pin = Pin(other, one) if abs(one) > 90 else Pin(one, other)
    if abs(pin.lat) > 90 or abs(pin.lon) > 180:
        raise NoPin(_("These two numbers are no place on earth. Copy them again from the map."))
    away = min(metres(pin, _middle(ward)) for ward in WARDS_2021)
    if away > CITY_METRES:
        raise NoPin(
            _(
                "This place is %(km)s km from the nearest ward that we deliver to. Check it, or leave it out.",
                km=_km(away),
            )
        )
    return pin


def doubt(pin: Pin, ward: Ward) -> str:
    """What to ask of who lives in this ward, but has put the pin far from it; empty if it is near."""
    away = metres(pin, _middle(ward))
    if away <= WARD_METRES:
        return ""
    words: str = _(
        "This place is %(km)s km from the middle of “%(ward)s”. Check both; if they are right, order again.",
        km=_km(away),
        ward=ward.name,
    )
    return words


def written(pin: Pin) -> str:
    """As the field takes it again."""
    return f"{pin.lat:.6f}, {pin.lon:.6f}"


def _middle(ward: Ward) -> Pin:
    return Pin(ward.lat, ward.lon)


def _km(away: float) -> int:
    return round(away / 1000)
