"""How much memory this process needs."""

import re
import resource
from pathlib import Path

_STATUS = Path("/proc/self/status")
_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)


def peak_mb() -> float:
    """The most that it had so far, pages that it shares with others counted.

    Where Linux tells it, of this program alone: ``ru_maxrss`` begins with what the program that started it had.
    """
    told = _PEAK.search(_STATUS.read_text()) if _STATUS.exists() else None
    return (int(told.group(1)) if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
