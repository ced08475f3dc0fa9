"""Questions about what providers have told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orders.payments.feeds.hooks.models import HookCall, HookMessage
from orders.payments.feeds.tellings.told import Feed


def lock_call(session: Session, call_id: int) -> HookCall:
    found = select(HookCall).where(HookCall.id == call_id).with_for_update(of=HookCall)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def first_told(session: Session, provider: Feed, provider_id: str) -> HookMessage | None:
    """What the provider said first under this number."""
    same = (HookMessage.provider == provider) & (HookMessage.provider_id == provider_id)
    return session.scalar(select(HookMessage).where(same).order_by(HookMessage.id).limit(1))


def last_heard(session: Session, providers: Sequence[Feed]) -> dict[Feed, datetime]:
    """When each of these last called, rightly signed; one that never did is not in it. One look into an index each."""
    newest = [
        select(func.max(HookCall.received_at)).where(HookCall.provider == each).scalar_subquery() for each in providers
    ]
    moments = session.execute(select(*newest)).one() if newest else ()
    return {provider: moment for provider, moment in zip(providers, moments, strict=True) if moment is not None}
