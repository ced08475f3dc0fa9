"""Bank routes: what each writes before a payer's memo and behind it, one declared pattern each.

Patterns read capitals. In them a blank stands for any blanks or none, ``#`` for a digit, ``~`` for a digit or capital;
words and runs of ``#`` or ``~`` may hold a blank that a wrap column put in. A head must reach the body to count, unless
the memo ends in it; a tail counts from the words that open it, wherever it was cut.
"""

import re

_WORD = re.compile(r"(?<![\\<A-Z\[-])[A-Z]{2,}(?![-\]])")
_BLANK = re.compile(r" (?![^\[]*\])")  # not in a class
_RUN = re.compile(r"([#~])(\{\d+(?:,\d+)?\})?")
_ONE = {"#": r"\d", "~": "[A-Z0-9]"}


def _pattern(text: str) -> re.Pattern[str]:
    text = _WORD.sub(lambda word: r"\s?".join(word.group()), _BLANK.sub(r"\\s*", text))
    return re.compile(_RUN.sub(_run, text))


def _run(found: re.Match[str]) -> str:
    """``#{6}``: six digits, with a blank between any two of them."""
    one, (least, *most) = _ONE[found.group(1)], [int(n) for n in re.findall(r"\d+", found.group(2) or "1")]
    return rf"(?:{one}\s?){{{least - 1},{most[0] - 1 if most else least - 1}}}{one}"


_STAMP = r"#{6} \. #{6} \. #{6}(?: \.|\s)"
_WALLET = r"(?:#{9,13} [-_]|#{11}) (?P<wallet>(?:0|8\s?4) #{9})"
_MOMO = (
    rf"PARTNER \. DIRECT[_ ]?DEBITS[_ ]?VCB \. MSE \. (?:[\d\s]{{4,20}}\. #{{8}}(?: \.|\s) {_WALLET}[-_ ]?|[\d\s.-]*$)"
)
_ZALOPAY = r"PARTNER \. DIRECT[_ ]?DEBITS[_ ]?VCB \. ZLP \. (?:[\d\s]{4,20}\. #{8}(?: \.|\s)|[\d\s.]{0,30}$)"
_REM = r"REM TFR AC :? (?P<account>#{4,20}) (?:O @ L _? #{6} _? #{6} _? 0 _? 0 _? #{8} _?|[O@L\d_ ]{0,36}$)"
_TKTHE = r"#{6,16} TKTHE :? (?P<account>#{4,20}) (?:,? TAI [A-Z ]{2,20}\.|,?[A-Z ]{0,24}$)"
_OUTSIDE_CODES = "".join(rf"(?<!D[C].{{{length}}})" for length in range(6))  # an order code may end in FT and a digit

# By the first letter that a wrapper opens with, so that a memo is tried against few; "0" stands for any digit.
HEADS: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    opening: tuple((route, _pattern(pattern)) for route, pattern in heads)
    for opening, heads in {
        "M": (
            (
                "vietcombank app",
                r"MBVCB \.? (?:[\d\s]{6,16}\.|\d{10,11}\b|#{10,11})(?: #{4} BFTVG2 ~{6,10} \.| #{6} \.(?!#{6} \.))?",
            ),
            ("agribank mobile", r"MB \( #{4,8} \) \("),
            ("agribank zalopay", r"MA[_ ]?GD : \d* \| CASZLP \| (?:#{14}|\d{6,20})"),
        ),
        "0": (
            ("vietcombank from wallet", rf"{_STAMP} {_WALLET}[-_ ]?"),
            ("vietcombank from napas", rf"{_STAMP}(?: VIETCOMBANK : #{{6,16}} :| IBFT\b)?"),
            ("bidv napas", _TKTHE),
            ("agribank momo", r"\d{9,13} (?P<wallet>0#{9}) (?P<payer>[^\d]{2,70}?) CHUYEN TIEN QUA MOMO"),
        ),
        "P": (("vietcombank from momo", _MOMO), ("vietcombank from zalopay", _ZALOPAY)),
        "C": (
            ("vietinbank 247", r"CT NHANH 2 4 7 DEN :"),
            ("vietinbank napas", r"CHUYEN TIEN DEN TU NAPAS NOI DUNG :"),
            ("vietinbank", r"CT DEN : (?:~{16}|~{12,15}\b|(?:~{1,15})?$)"),
        ),
        "R": (("bidv", _REM),),
        "Q": (("qr", r"QR\b -? "),),
    }.items()
}
MB_APP = _pattern(r"(?P<payer>[^\d.,;|]{0,70}?)\bQ~{6,20} APPMB ?\d \d")

# Each tail with the letters that must stand in the memo, blanks apart, for it to be tried, and its routes ("" for any).
TAILS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (letters, route, _pattern(pattern))
    for letters, route, pattern in (
        ("CTTU", "", r"\.? (?:\bCT TU\b|CT TU #{6})"),
        ("CTLN", "", r"-? CTLNHIDI"),
        ("THOIGIAN", "", r"; THOI GIAN|\bTHOI GIAN GD\b"),
        ("MAG", "", r"-? (?:\bMA (?:GIAO DICH|GD)\b|MA GIAO DICH TRACE|MA GD ACSP)"),
        ("GD", "", r"\bGD #{1,6}(?:$|[- ]#{1,6}(?:$|[ :\d]))|GD #{6}-#{6} "),
        ("CKN", "", r"FT(?:\d\s?){3,16} CKN\b"),
        ("FT", "", rf"(?:\bFT(?:\d\s?){{3,16}}|{_OUTSIDE_CODES}FT(?:\d\s?){{12,16}}) $"),
        (":", "", r"-? #{6}[- ]#{2} : #{2}"),
        ("-", "vietcombank from napas", r"-[0-3]\d[01]\d2\d-?[\d:]* $"),
        ("MOMO", "", r"\bCHUYEN TIEN QUA MOMO"),
        ("(", "vietinbank 247", r"\((?:~{1,9})? \)? $"),
    )
)
FROM = _pattern(r"\.? CT TU (?P<account>#{6,20}\b)? (?P<payer>[^\d.,;|]{2,70}?)(?:\s TOI\b.*| TAI\b.*)?$")
COUNTERPARTY = _pattern(r".*TGTT- (?P<payer>[^\d.,;|]{2,70})$")
