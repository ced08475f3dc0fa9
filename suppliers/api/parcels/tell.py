"""A parcel in the words of the API."""

from __future__ import annotations

from typing import Any

from suppliers.models import Parcel, ParcelState


def parcel_told(parcel: Parcel, manifest: str) -> dict[str, Any]:
    """Where it is; the reason of its last step only if that was a failure."""
    last = parcel.history[-1]
    return {
        "id": parcel.id,
        "manifest": manifest,
        "stop": parcel.stop,
        "order": parcel.order.code,
        "state": parcel.state.value,
        "version": parcel.version,
        "changed_at": last.at,
        "reason": last.because if parcel.state is ParcelState.FAILED else "",
    }
