"""One slip away: the codes and phones that a single mistake turns into what was read."""

from collections.abc import Iterable, Iterator

from orders.reference import PREFIX, fitting_symbol

_DIGITS = "0123456789"
_NETWORKS = "35789"  # what stands behind the 0 of a mobile phone
_CODE = len(PREFIX) + 7


def code_slips(read: str) -> Iterator[str]:
    """Valid codes from which ``read`` (nine symbols) differs in one symbol, and what swaps of neighbours make of it."""
    if len(read) != _CODE:
        return
    yield from _swaps(read)
    if read.startswith(PREFIX):
        for i in range(len(PREFIX), _CODE):
            if symbol := fitting_symbol(read, i):
                yield read[:i] + symbol + read[i + 1 :]
    elif read[0] == PREFIX[0] or read[1] == PREFIX[1]:
        yield PREFIX + read[2:]


def phone_slips(read: str) -> set[str]:
    """Phones from which ``read`` (9 to 11 digits) differs by one digit wrong, swapped, missing or extra."""
    if len(read) == 10:
        slips = _phones_among(_swaps(read))
    elif len(read) == 9:
        slips = _phones_among(["0" + read])
    else:
        return _phones_among([read[:i] + read[i + 1 :] for i in range(11)]) if len(read) == 11 else set()
    behind = len(read) - 9  # of a digit in question: where one is missing, all of them
    if read[0] == "0":
        slips.update(["0" + network + read[1 + behind :] for network in _NETWORKS])
        if read[1] in _NETWORKS:
            ends = [(read[:i], read[i + behind :]) for i in range(2, 10)]
            slips.update([head + digit + tail for head, tail in ends for digit in _DIGITS])
    return slips


def _phones_among(numbers: Iterable[str]) -> set[str]:
    return {number for number in numbers if number[0] == "0" and number[1] in _NETWORKS}


def _swaps(read: str) -> Iterator[str]:
    for i in range(len(read) - 1):
        if read[i] != read[i + 1]:
            yield read[:i] + read[i + 1] + read[i] + read[i + 2 :]
