"""One slip away: the codes and phones that a single mistake turns into what was read."""

from collections.abc import Iterator

from orders.reference import PREFIX, fitting_symbol

_DIGITS = "0123456789"
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
    """Ten-digit phones from which ``read`` (9 to 11 digits) differs by one digit wrong, swapped, missing or extra."""
    if len(read) == 10:
        ends = [(read[:i], read[i + 1 :]) for i in range(1, 10)]
        return {*_swaps(read), *[head + digit + tail for head, tail in ends for digit in _DIGITS]}
    if len(read) == 9:
        return {read[:i] + digit + read[i:] for i in range(10) for digit in _DIGITS}
    return {read[:i] + read[i + 1 :] for i in range(11)} if len(read) == 11 else set()


def _swaps(read: str) -> Iterator[str]:
    for i in range(len(read) - 1):
        if read[i] != read[i + 1]:
            yield read[:i] + read[i + 1] + read[i] + read[i + 2 :]
