"""Structured logs: one JSON object a line, endpoints instead of paths, no personal data."""

from __future__ import annotations

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request


def install(app: Flask, level: str) -> None:
    """Log each request: its endpoint (a path may hold a private link), status, milliseconds, id."""
    configure(level)

    @app.before_request
    def start() -> None:
        g.request_id = uuid.uuid4().hex[:16]
        g.started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        milliseconds = round((time.perf_counter() - g.started) * 1000, 1) if "started" in g else None
        if request.endpoint not in {"static", "health.healthz", "health.readyz"}:
            structlog.get_logger().info(
                "request",
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                ms=milliseconds,
            )
        if "request_id" in g:
            response.headers["X-Request-ID"] = g.request_id
        structlog.contextvars.clear_contextvars()
        return response


def configure(level: str) -> None:
    """Render structlog's events as JSON on standard error. Tracebacks keep their frames, never the values in them.

    What an exception says may quote what somebody typed (a database names the whole row): it is said at DEBUG only.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
            ),
            *([] if level.upper() == "DEBUG" else [_without_values]),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_names: structlog.WriteLogger(sys.stderr),  # what a command answers goes to stdout
        cache_logger_on_first_use=False,
    )


def _without_values(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for fault in event.get("exception", ()):
        fault.update(exc_value="", exc_notes=[])
    return event
