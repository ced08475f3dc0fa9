"""A judge of VietQR payloads, written from the NAPAS QR specification alone: tag, length, value, and a CRC."""

from collections.abc import Iterator


class Malformed(ValueError):
    """Not a payload that a bank's app could read."""


def read(payload: str) -> dict[str, str]:
    """The fields of a payload, those within others as ``38.01.00``; refuses a wrong length or checksum."""
    body, checksum = payload[:-4], payload[-4:]
    if not body.endswith("6304") or checksum != f"{crc(body.encode('utf-8')):04X}":
        raise Malformed("checksum")
    return dict(_flat(payload))


def crc(data: bytes) -> int:
    """CRC-16/CCITT: polynomial 1021, begun with FFFF, nothing reflected, nothing added at the end."""
    rest = 0xFFFF
    for byte in data:
        rest ^= byte << 8
        for _bit in range(8):
            rest = (rest << 1) ^ 0x1021 if rest & 0x8000 else rest << 1
        rest &= 0xFFFF
    return rest


NESTED = {"38", "38.01", "62"}


def _flat(text: str, within: str = "") -> Iterator[tuple[str, str]]:
    for tag, value in _fields(text):
        path = f"{within}.{tag}" if within else tag
        if path in NESTED:
            yield from _flat(value, path)
        else:
            yield path, value


def _fields(text: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    while text:
        tag, length = text[:2], text[2:4]
        if not (tag.isdigit() and length.isdigit()) or len(text) < 4 + int(length) or tag in seen or not int(length):
            raise Malformed(f"field {tag!r} of length {length!r}")
        seen.add(tag)
        yield tag, text[4 : 4 + int(length)]
        text = text[4 + int(length) :]
