"""Metrics for Prometheus at ``/metrics`` and traces by OpenTelemetry: the extra ``dataio[telemetry]``."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from dataio.api.services import services
from dataio.errors import ConfigError


def instrument(app: FastAPI) -> None:
    """Put both onto the application. Raises ConfigError where the extra is not installed."""
    try:
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
        from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
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

    REGISTRY.register(Pool())

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        services(request)
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    FastAPIInstrumentor.instrument_app(app, excluded_urls="healthz,readyz,metrics")
