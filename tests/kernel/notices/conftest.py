"""An outbox of one test's own: its words are short, its gateways are told by the test."""

from dataclasses import replace

import pytest

from kernel.notices import outbox
from kernel.notices.config import Notices, SmsGateway
from kernel.notices.letters import Words
from kernel.notices.outbox import News, Trade
from tests.gateways import gateway


@pytest.fixture
def there():
    with gateway() as running:
        yield running


@pytest.fixture
def sms(there):
    return SmsGateway(url=f"{there.url}/sms", ok=("code", "0"), id_field="id")


@pytest.fixture
def notices(app):
    """Say how notices leave this test's app: ``notices(sms=sms)``. At all hours, unless the test says otherwise."""

    def configure(**how):
        hours = {"quiet_from": Notices.quiet_from, "quiet_until": Notices.quiet_from}
        rules = Notices(**{**hours, "timeout": 2.0, **how})
        app.extensions["settings"] = replace(app.extensions["settings"], notices=rules)
        return rules

    configure()
    return configure


@pytest.fixture
def why_not(app):
    """Subjects of which nothing holds any more → why."""
    reasons: dict[str, str] = {}
    trade = Trade(
        words=lambda notice: Words(notice.event, f"{notice.subject} đã {notice.event}"),
        fields=lambda notice: {"code": notice.subject},
        overtaken=lambda _session, notice: reasons.get(notice.subject, ""),
    )
    outbox.install(app, trade)
    return reasons


def news(subject="A", event="paid", **changed):
    plain = {"topic": "money", "sense": event, "phone": "0912345678", "language": "vi"}
    return News(**{"subject": subject, "event": event, **plain, **changed})
