"""Bank routes as they write around a memo: those of the facts, and some that nobody declared."""

import random
from collections.abc import Callable
from datetime import datetime

OURS, OUR_NAME = "1013456789", "PHONG KINH TE TP DI AN"
Wrap = Callable[[random.Random, str, str, str, datetime], str]


def digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def symbols(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=count))


def _vcb(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    trace = c.choice(["", f"{digits(c, 6)}.", f"{digits(c, 4)}BFTVG2{symbols(c, 8)}."])
    return f"MBVCB.{digits(c, 10)}.{trace}{memo}.CT tu {account} {payer} toi {OURS} {OUR_NAME}" + c.choice(
        ["", " tai VCB"]
    )


def _napas(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    stamp = f"{digits(c, 6)}.{at:%d%m%y}.{at:%H%M%S}."
    return c.choice(
        [
            f"{stamp}{memo}",
            f"{stamp}{memo} FT21{digits(c, 12)}",
            f"{stamp}IBFT {memo}",
            f"{stamp}{memo}-{at:%d%m%y-%H:%M:%S} {digits(c, 6)}",
            f"{stamp}Vietcombank:{OURS}:{memo}",
        ]
    )


def _momo(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    wallet = account if len(account) == 10 and account[0] == "0" else "09" + digits(c, 8)
    if c.random() < 0.5:
        return f"{digits(c, 6)}.{at:%d%m%y}.{at:%H%M%S}.{digits(c, 11)}-{wallet}-{memo}"
    spaced = f"{memo[:1]} {memo[1:]}" if c.random() < 0.8 else memo
    return f"PARTNER.DIRECT_DEBITS_VCB.MSE.{digits(c, 4)} {digits(c, 7)}.{at:%d%m%Y}.{digits(c, 11)}-{wallet}_{spaced}"


def _zalopay(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    return f"PARTNER.DIRECT_DEBITS_VCB.ZLP.{digits(c, 12)}.{at:%d%m%Y}.{memo}"


def _vietin(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    return c.choice(
        [
            f"CT nhanh 247 den: {memo} ({symbols(c, 8)})",
            f"Chuyen tien den tu NAPAS Noi dung: {memo}",
            f"{memo}; thoi gian GD:{at:%d/%m/%Y %H:%M:%S}",
            f"CT DEN:{symbols(c, 16)} {memo}",
        ]
    )


def _bidv(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    return c.choice(
        [
            f"{OURS} TKThe :{account}, tai VPBank. {memo} -CTLNHIDI{digits(c, 15)}-1/1-CRE-002",
            f"REM Tfr Ac:{account} O@L_{digits(c, 6)}_{digits(c, 6)}_0_0_{digits(c, 8)}_{memo}",
        ]
    )


def _agri(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    return c.choice(
        [
            memo,
            f"{memo} FT21{digits(c, 12)}",
            f"MB({digits(c, 6)})({memo})",
            f"MA_GD:{digits(c, 1)}|CASZLP|{digits(c, 14)} {memo}",
        ]
    )


def _mb(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    trace = digits(c, 6)
    return c.choice(
        [
            f"{memo} Ma giao dich Trace{trace} Trace {trace}",
            f"{memo}- Ma GD ACSP/ xx{trace}",
            f"{payer} Q{symbols(c, 10)}  APPMB1 1  {memo}",
            f"QR - {memo}",
        ]
    )


def _acb(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    return c.choice(
        [
            f"{memo} GD {digits(c, 6)}-{at:%d%m%y %H:%M:%S}",
            f"{memo} FT21{digits(c, 12)} CKN {digits(c, 6)} {digits(c, 9)} - VND-TGTT-{payer}",
            memo,
        ]
    )


def _undeclared(c: random.Random, memo: str, payer: str, account: str, at: datetime) -> str:
    """Layouts that no pattern knows: the payer's account before, behind or between."""
    return c.choice(
        [
            f"TPB;{digits(c, 12)};{memo}",
            f"{digits(c, 16)}-{memo}-CHUYEN TIEN TU {account} {payer}",
            f"IB {memo} TU TK {account}",
            f"VNPAY.{digits(c, 12)}.{account}.{memo}",
            f"{memo} /Ref:{symbols(c, 14)}{digits(c, 6)}/{account}",
            f"OCB*{account}*{payer}*{memo}",
            f"REF {digits(c, 12)} F/O {payer} B/O {account} {memo}",
            f"[{at:%H:%M}] {memo} (TK {account} - {payer})",
        ]
    )


ROUTES: dict[Wrap, int] = {_vcb: 25, _napas: 35, _momo: 8, _zalopay: 2, _vietin: 8, _bidv: 6, _agri: 6, _mb: 5, _acb: 5}
UNDECLARED: Wrap = _undeclared


def wrapped(chance: random.Random, memo: str, payer: str, account: str, *, at: datetime, unknown: float = 0.03) -> str:
    """The memo as a statement shows it; ``unknown`` is the share of layouts that nobody declared."""
    declared = chance.choices(list(ROUTES), weights=list(ROUTES.values()))[0]
    route = UNDECLARED if chance.random() < unknown else declared
    return route(chance, memo, payer, account, at)
