"""How much memory this process needs."""

import resource


def peak_mb() -> float:
    """The most that it had so far, pages that it shares with others counted."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
