"""The extra ``dataio[telemetry]``: what a scrape of ``/metrics`` says, and the spans of a request, by the real SDK."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from support.api import Served

from dataio.api.application import create_app
from dataio.errors import ConfigError
from dataio.settings import load

V1 = "/api/v1"


@pytest.fixture(scope="module")
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    yield exporter
    provider.shutdown()


@pytest.fixture(scope="module")
def traced(spans: InMemorySpanExporter, serve: Callable[..., Served]) -> Served:
    served = serve(DATAIO_API_TELEMETRY="true")
    served.keys["admin"] = served.issue(user_id=served.user("admin@example.org", admin=True))
    return served


def scraped(served: Served) -> dict[str, dict[tuple[str, ...], float]]:
    """Samples by name and by the values of their labels."""
    answer = served.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_a_scrape_counts_requests_by_route_and_shows_the_pool(traced: Served) -> None:
    for number in range(3):
        assert traced.get(f"{V1}/datasets/ZZ9999DS000{number}").status_code == 404
    assert traced.get(f"{V1}/datasets").status_code == 200
    said = scraped(traced)
    counts = said["dataio_request_seconds_count"]
    assert counts["GET", f"{V1}/datasets/{{dataset}}", "404"] == 3
    assert counts["GET", f"{V1}/datasets", "200"] == 1
    assert 0 < said["dataio_request_seconds_sum"]["GET", f"{V1}/datasets", "200"] < 60
    assert 1 <= said["dataio_pool_size"][()] <= said["dataio_pool_max"][()]
    assert said["process_resident_memory_bytes"][()] > 10_000_000
    assert scraped(traced)["dataio_request_seconds_count"]["GET", "/metrics", "200"] >= 1


def test_a_request_is_a_span_that_goes_on_the_callers_trace_and_holds_no_secret(
    traced: Served, spans: InMemorySpanExporter
) -> None:
    spans.clear()
    key = traced.keys["admin"]
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    parent = {"traceparent": f"00-{trace_id}-b7ad6b7169203331-01"}
    assert traced.get(f"{V1}/datasets?limit=1", key=key, headers=parent).status_code == 200
    assert traced.get("/healthz").status_code == 200
    found = spans.get_finished_spans()
    served = [one for one in found if one.kind is trace.SpanKind.SERVER]
    assert [one.name for one in served] == [f"GET {V1}/datasets"]
    assert f"{served[0].context.trace_id:032x}" == trace_id
    assert not any(key in str(dict(one.attributes or {})) for one in found)


def test_without_the_extra_one_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    (tmp_path / "generated_migrations").mkdir()
    settings = load(cwd=tmp_path, environ={"DATAIO_API_TELEMETRY": "true", "DATAIO_DATABASE_URL": "postgresql://x/y"})
    with pytest.raises(ConfigError, match="is not installed") as refused:
        create_app(settings)
    assert "dataio[telemetry]" in refused.value.hint
