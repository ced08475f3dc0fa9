"""Numbers that a bank wrote in a layout that nobody declared: accounts, traces, and fields in a row with them."""

import re

from orders.payments.matcher.vocabulary import BANKS, SURNAMES

_LOOK_BACK = 200
_MACHINE = re.compile(
    r"(?<!\d)(?:[1-9]\d{4,}|\d{11,}|[A-Z]\d{3,})(?:[.:/|_-]| ?[./|] ?)$"
    r"|(?<![\d ])[1-9]\d{2,} \d{2,} ?[./|] ?$|\d{4,8} ?/ ?$|\* ?$"
)
_ACCOUNT = re.compile(
    r"(?:[BF] ?/ ?O|(?:^|[^A-Z])(?:S?T ?K|TU ?TK|(?:NHAN|CHUYEN ?(?:TIEN|KHOAN)|CK|CT) TU|TKTHE|TAI KHOAN|ACC|ACCT"
    r"|ACCOUNT|SO THE|CARD|WALLET|MOMO|ZALOPAY|VNPAY|VIETTELPAY|REF|TRACE|MGD|MA GD|SO GD|GD|FROM)|\d{6} TU"
    r"|^ *TU ?:)[ .:#-]{0,3}$"
)
# With what ``_ACCOUNT`` ends, looked up before it is tried.
_ACCOUNT_ENDS = tuple("/O,/ O,TK,T K,TU,THE,KHOAN,ACC,ACCT,ACCOUNT,CARD,WALLET,MOMO,PAY,REF,TRACE,GD,FROM".split(","))
_BANK = rf"(?:{'|'.join(sorted(BANKS))})"
# A bank's name alone before a number with which the memo does not end: SHB:0912345678:…
_BANK_FIRST = re.compile(rf"\W*(?:{_BANK}[ :/|.-]{{1,3}})+")
# Fields in a row, of which the number is one: -MSB-0912345678-…, 123456789012/TRAN VAN HUNG/0912345678/…
_FIELD = re.compile(
    rf"(?P<around>[:/|-]){_BANK}(?P=around)$|\d{{6}}(?P<between>[/|;])[A-Z ]{{2,40}}(?P=between)$",
)
# The last of the fields, behind what the payer wrote:
# SEANET.123456789.chuyen tien.0912345678, or chuyen tien. TIMO TRAN VAN HUNG 0912345678
_LAST = re.compile(
    rf"\W*[A-Z][A-Z0-9 -]{{1,20}}(?P<dot>[./|])\d{{6,}}(?:(?P=dot).*)?(?P=dot)(?!{_BANK}(?P=dot))[A-Z ]*(?P=dot)"
    rf"|(?:.*[A-Z])?\W{{0,2}}[.;|/-]\W{{0,2}}{_BANK}\W{{1,3}}[A-Z]+(?: [A-Z]+){{1,5}}\W{{1,3}}",
    re.DOTALL,
)
_PARTS_FIELDS = tuple(":/|;-")  # with what ``_FIELD`` ends
# Who pays, as a bank names him behind his account, or a firm names itself: no purpose.
_ENDS = r"(?:MUA|CHO|CK|ND|NOI DUNG|TT|THANH TOAN|DAT HANG|GUI|CHUYEN|TRA)(?![A-Z])"
_PAYER = re.compile(
    rf"\d{{6,}}[ /:|.-]{{1,3}}(?=(?:{'|'.join(sorted(SURNAMES))}) )(?P<person>[A-Z]+(?: (?!{_ENDS})[A-Z]+){{1,3}})"
    rf"|(?<![A-Z])(?:CONG TY|CTY|DNTN|HO KINH DOANH|HKD)(?P<firm>(?: (?!{_ENDS})[A-Z]+){{1,7}})"
)


def payers_words(text: str) -> set[str]:
    """The words of the names of a payer or a firm that stand behind an account or a firm's title."""
    return {word for found in _PAYER.finditer(text) for word in (found["person"] or found["firm"]).split()}


def is_the_banks(text: str, start: int, end: int) -> bool:
    """Whether digits at ``start``…``end`` hang on a machine's number, a bank's name or the word for an account."""
    before = text[max(0, start - _LOOK_BACK) : start]
    if not before.strip(" _,"):
        return False
    near = before[-16:]
    if near.rstrip(" .:#-").endswith(_ACCOUNT_ENDS) and _ACCOUNT.search(near):
        return True
    last = near.rstrip(" .:/|_-")[-1:]
    if (last.isdigit() or last == "*") and _MACHINE.search(near):
        return True
    return _in_a_field(before, text[end : end + 3].strip(" "))


def _in_a_field(before: str, after: str) -> bool:
    """Whether the digits between ``before`` and ``after`` are a field of a wrapper's own."""
    if not after:
        return _LAST.fullmatch(before) is not None
    if before[-1] in " :/|.-" and _BANK_FIRST.fullmatch(before):
        return True
    if not before.rstrip().endswith(_PARTS_FIELDS):
        return False
    found = _FIELD.search(before[-64:].replace(" - ", "-"))
    return found is not None and after[0] == (found["around"] or found["between"])
