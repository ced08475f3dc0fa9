"""The specification against the program itself: schemathesis asks whatever it allows and forbids, in this process.

``API_EXAMPLES=200`` in the environment asks more of each operation.
"""

import os
import re
from dataclasses import replace
from itertools import count

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.transport.wsgi import WSGITransport

from kernel import jobs
from suppliers.api.docs.spec import operations, specification
from tests.suppliers.api.test_doors import things_of

EXAMPLES = int(os.environ.get("API_EXAMPLES", "5"))
EVERY_CHECK = (
    "not_a_server_error status_code_conformance content_type_conformance response_headers_conformance"
    " response_schema_conformance negative_data_rejection positive_data_acceptance missing_required_header"
    " unsupported_method allow_header_conformance use_after_free ensure_resource_availability ignored_auth"
).split()


KEY = re.compile("[A-Za-z0-9_-]{8,64}")


@pytest.fixture(autouse=True)
def _sends(app, monkeypatch) -> None:
    """A check that asks again, without the token, passes on what is meant for a socket, and in this process there is
    none. A key that stands for another request is refused, as it should be: those that are right are made new. A PDF
    that a shortage has just made anew is 503 until the worker has typeset it, as it should be: here it has.
    """
    real, numbers = WSGITransport.send, count(1)

    def send(transport, case, *, session=None, **kwargs):
        meant = () if session else ("max_redirects", "verify", "cert", "proxies")
        if KEY.fullmatch(str((case.headers or {}).get("Idempotency-Key"))):
            case.headers["Idempotency-Key"] = f"{case.headers['Idempotency-Key'][:50]}-{next(numbers)}"
        if case.path.endswith("/pdf"):
            with app.app_context():
                jobs.sweep()
        return real(transport, case, session=session, **{k: v for k, v in kwargs.items() if k not in meant})

    monkeypatch.setattr(WSGITransport, "send", send)


@pytest.fixture
def asked(app, session, ours, sent):
    """Run schemathesis as the supplier's program; answers what it found, and how many requests of each operation
    ended how. The addresses name real things, or whatever comes to its mind.
    """
    jobs.sweep()  # papers are typeset
    app.extensions["settings"] = replace(app.extensions["settings"], api_requests_per_minute=1_000_000)

    def run(*, real: bool) -> tuple[list[str], dict[str, set[int]]]:
        things = {f"path.{name}": value for name, value in things_of(session, sent.manifest).items()}
        session.rollback()
        config = SchemathesisConfig.from_dict(
            {
                "seed": 2021,
                "headers": {"Authorization": f"Bearer {ours.text}", "Accept-Encoding": "identity"},
                "parameters": things if real else {},
                "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
                "checks": {name: {"enabled": True} for name in EVERY_CHECK},
                "phases": {"stateful": {"max-steps": 4}},
            }
        )
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
        return heard(from_schema(schema).execute())

    return run


def heard(stream) -> tuple[list[str], dict[str, set[int]]]:
    faults: list[str] = []
    statuses: dict[str, set[int]] = {}
    for event in stream:
        if isinstance(event, events.NonFatalError | events.FatalError):
            faults.append(f"{event!r}: {getattr(event, 'value', event.__dict__ if hasattr(event, '__dict__') else '')}")
        if isinstance(event, events.ScenarioFinished):
            for key, interaction in event.recorder.interactions.items():
                if interaction.response is not None:
                    label = event.recorder.cases[key].value.operation.label
                    statuses.setdefault(label, set()).add(interaction.response.status_code)
            for checks in event.recorder.checks.values():
                for failed in filter(None, (check.failure_info for check in checks)):
                    faults.append(f"{event.label}: {failed.failure}\n{failed.code_sample}")
    return faults, statuses


@pytest.mark.parametrize("real", [True, False], ids=["of real things", "of anything"])
def test_nothing_breaks_and_every_answer_is_as_the_specification_says(asked, real):
    faults, statuses = asked(real=real)

    assert faults == [], "\n\n".join(sorted(set(faults))[:12])
    assert len(statuses) == len(list(operations(specification("vi"))))
    assert all(401 in each for each in statuses.values()), statuses
    if real:
        assert all(each & {200, 201} for each in statuses.values()), statuses
