"""Metrics for Prometheus at ``/metrics`` and traces by OpenTelemetry: the extra ``dataio[telemetry]``.

Spans go to the tracer provider of whoever runs the API (``opentelemetry-instrument``, or ``OTEL_…`` variables).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dataio.errors import ConfigError

if TYPE_CHECKING:
    from prometheus_client import Histogram

_UNTRACED = "healthz,readyz,metrics"


def instrument(app: FastAPI) -> None:
    """Put both onto the application. Raises ConfigError where the extra is not installed."""
    try:
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
        from prometheus_client import (
            CONTENT_TYPE_LATEST,
            CollectorRegistry,
            GCCollector,
            Histogram,
            PlatformCollector,
            ProcessCollector,
            generate_latest,
        )
        from prometheus_client.core import GaugeMetricFamily
    except ImportError as error:
        raise ConfigError(
            f"api_telemetry is on, but {error.name} is not installed", hint="pip install 'dataio[telemetry]'"
        ) from None

    class Pool:
        """The pool's own figures, when they are asked for."""

        def collect(self) -> list[GaugeMetricFamily]:
            figures = app.state.services.database.figures()
            return [
                GaugeMetricFamily(f"dataio_{name}", f"psycopg_pool {name}", value) for name, value in figures.items()
            ]

    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    registry.register(Pool())
    seconds = Histogram(
        "dataio_request_seconds", "Time to answer a request", ("method", "route", "status"), registry=registry
    )
    app.add_middleware(_Timed, seconds=seconds)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    FastAPIInstrumentor.instrument_app(app, excluded_urls=_UNTRACED)


class _Timed:
    """Observes each request by its route, so that ids in paths make no new series."""

    def __init__(self, app: ASGIApp, seconds: Histogram) -> None:
        self.app, self.seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self.seconds.labels(scope["method"], route, str(status)).observe(time.perf_counter() - began)
