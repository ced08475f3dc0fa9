"""The keys of the webhooks that tell us of payments. Without its key a provider's address is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class HookKeys:
    """Empty: not used. With ``sepay_secret`` SePay's calls have to be signed, and its key alone is not enough."""

    sepay_key: str = ""
    sepay_secret: str = ""
    casso_key: str = ""
    casso_token: str = ""
    payos_key: str = ""

    @property
    def configured(self) -> tuple[str, ...]:
        """The providers that have a key."""
        keys = {
            "sepay": self.sepay_key or self.sepay_secret,
            "casso": self.casso_key or self.casso_token,
            "payos": self.payos_key,
        }
        return tuple(provider for provider, key in keys.items() if key)


def hook_keys_from(env: Mapping[str, str]) -> HookKeys:
    """What the environment names."""
    return HookKeys(
        sepay_key=env.get("DCT_HOOKS_SEPAY_KEY", ""),
        sepay_secret=env.get("DCT_HOOKS_SEPAY_SECRET", ""),
        casso_key=env.get("DCT_HOOKS_CASSO_KEY", ""),
        casso_token=env.get("DCT_HOOKS_CASSO_TOKEN", ""),
        payos_key=env.get("DCT_HOOKS_PAYOS_KEY", ""),
    )
