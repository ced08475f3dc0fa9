"""SMS through a city's gateway: any that takes a POST of JSON or of a form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from kernel.notices.config import SmsGateway
from kernel.notices.gsm import without_tones
from kernel.notices.http import post
from kernel.notices.letters import Fault, Letter


@dataclass(frozen=True, slots=True)
class Sms:
    """Sends by the gateway that the settings describe. The same key at each attempt lets it see a repetition."""

    gateway: SmsGateway
    seconds: float

    def __call__(self, letter: Letter) -> str:
        values = self._values(letter)
        filled = {name: _fill(text, values) for name, text in self.gateway.body.items()}
        body = urlencode(filled) if self.gateway.form else json.dumps(filled, ensure_ascii=False)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if self.gateway.form else "application/json",
            "Accept": "application/json",
            "Idempotency-Key": letter.key,
            **({"Authorization": f"Bearer {self.gateway.token}"} if self.gateway.token else {}),
            **{name: _fill(text, values) for name, text in self.gateway.headers.items()},
        }
        answer = post(self.gateway.url, body.encode(), headers, seconds=self.seconds)
        return self._receipt(answer.json()) if self.gateway.ok or self.gateway.id_field else ""

    def _values(self, letter: Letter) -> dict[str, str]:
        text = letter.words.text if self.gateway.tones else without_tones(letter.words.text)
        return {
            "phone": letter.address,
            "phone84": "84" + letter.address.removeprefix("0"),
            "text": text,
            "brand": self.gateway.brand,
            "token": self.gateway.token,
            "key": letter.key,
        }

    def _receipt(self, said: dict[str, Any]) -> str:
        """A gateway may refuse with 200 and a code of its own; which one is success stands in the settings."""
        if self.gateway.ok:
            name, good = self.gateway.ok
            code = str(_dig(said, name))
            if code != good:
                raise Fault(f"gateway-{_short(code)}", passing=False)
        return _short(str(_dig(said, self.gateway.id_field) or "")) if self.gateway.id_field else ""


def _fill(text: str, values: dict[str, str]) -> str:
    """Each placeholder once, left to right: what a value holds is never a placeholder again."""
    filled, rest = "", text
    while rest:
        before, opening, rest = rest.partition("{")
        name, closing, after = rest.partition("}")
        filled += before
        if opening and closing and name in values:
            filled, rest = filled + values[name], after
        else:
            filled += opening
    return filled


def _dig(said: Any, path: str) -> Any:
    """``data.id`` in nested objects."""
    for name in path.split("."):
        said = said.get(name) if isinstance(said, dict) else None
    return said


def _short(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char in "-_.:")[:60]
