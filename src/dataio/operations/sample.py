# ruff: noqa: E501 - a table of samples
"""A small catalogue to look at: made-up collections, owners, datasets and files, for an empty development database."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

from dataio.operations.sql import query
from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

_DISTRICTS: Final = (
    "Bagalkot",
    "Ballari",
    "Belagavi",
    "Bidar",
    "Dharwad",
    "Hassan",
    "Kodagu",
    "Mandya",
    "Mysuru",
    "Udupi",
)


@dataclass(frozen=True)
class _Sample:
    """One dataset: its words, and the table that its versions hold."""

    title: str
    collection: str
    owner: str
    tags: tuple[str, ...]
    raw: tuple[str, ...]
    access: str
    description: str
    coverage: str
    unit: str
    step: str
    since: int
    frequency: str
    measure: str


_HEALTH, _MET, _CENSUS, _TRANSPORT, _WATER = (
    "State Health Department", "Meteorological Office", "Office of the Census", "City Transport Authority",
    "Water Resources Board",
)  # fmt: skip

SAMPLES: Final = (
    _Sample("Dengue cases by district and week", "EP0001", _HEALTH, ("dengue", "weekly", "vector-borne"),
            ("Disease surveillance bulletins",), "DOWNLOAD",
            "Laboratory-confirmed cases as they were reported, by week of onset. Weeks without a report are empty, not 0.",
            "Karnataka", "district", "week", 2015, "WEEKLY", "cases"),
    _Sample("Dengue deaths by district and year", "EP0001", _HEALTH, ("dengue", "mortality", "yearly"),
            ("Disease surveillance bulletins",), "VIEW", "Deaths with dengue as their underlying cause, after review.",
            "Karnataka", "district", "year", 2010, "YEARLY", "deaths"),
    _Sample("Chikungunya cases by taluk and month", "EP0001", _HEALTH, ("chikungunya", "monthly", "vector-borne"),
            ("Disease surveillance bulletins",), "DOWNLOAD", "Suspected and confirmed cases, told apart by a column.",
            "Karnataka", "taluk", "month", 2016, "MONTHLY", "cases"),
    _Sample("Larval indices from house surveys", "EP0002", _HEALTH, ("vector-borne", "survey"),
            ("House survey forms 2018-2025",), "VIEW", "House, container and Breteau index of each surveyed ward.",
            "Bengaluru", "ward", "month", 2018, "MONTHLY", "breteau_index"),
    _Sample("Malaria slides examined and positive", "EP0002", _HEALTH, ("malaria", "monthly", "vector-borne"),
            ("Laboratory registers",), "DOWNLOAD", "Blood slides examined, positive, and of these P. falciparum.",
            "Karnataka", "district", "month", 2012, "MONTHLY", "positive"),
    _Sample("Hospital admissions for fever", "EP0003", _HEALTH, ("admissions", "weekly"), ("Hospital admission registers",),
            "NONE", "Admissions by age group. Small counts are withheld: ask the owner.", "Karnataka", "hospital", "week",
            2019, "WEEKLY", "admissions"),
    _Sample("Daily rainfall on a 0.25° grid", "CL0001", _MET, ("rainfall", "daily", "gridded"), ("Rain gauge network",),
            "DOWNLOAD", "Interpolated from the gauges that reported that day; the number of gauges is given by cell.",
            "India", "0.25° cell", "day", 1990, "DAILY", "rain_mm"),
    _Sample("Monthly rainfall by district", "CL0001", _MET, ("rainfall", "monthly"), ("Rain gauge network",), "DOWNLOAD",
            "Area-weighted means of the daily grid.", "India", "district", "month", 1990, "MONTHLY", "rain_mm"),
    _Sample("Daily temperature by station", "CL0002", _MET, ("temperature", "daily"), ("Synoptic stations",), "DOWNLOAD",
            "Minimum, maximum and mean in °C, with the station's height.", "India", "station", "day", 1985, "DAILY",
            "mean_c"),
    _Sample("Relative humidity by district and week", "CL0002", _MET, ("humidity", "weekly"), ("Synoptic stations",),
            "VIEW", "Means of the stations in and around each district.", "Karnataka", "district", "week", 2005, "WEEKLY",
            "humidity"),
    _Sample("Population by village, 2011", "DM0001", _CENSUS, ("population", "census"), ("Census tables 2011",),
            "DOWNLOAD", "Persons, households, age groups and literacy.", "India", "village", "decade", 2011, "ONCE",
            "persons"),
    _Sample("Population projections by district", "DM0001", _CENSUS, ("population", "yearly"), ("Census tables 2011",),
            "DOWNLOAD", "Cohort-component projections to 2036 by sex and five-year age group.", "India", "district", "year",
            2011, "YEARLY", "persons"),
    _Sample("Boundaries of wards and villages", "GE0001", _CENSUS, ("boundaries", "gridded"), ("Administrative maps",),
            "VIEW", "Polygons with the census codes that the other datasets use.", "Karnataka", "village", "year", 2011,
            "IRREGULAR", "area_km2"),
    _Sample("Journeys between wards by bus", "MO0001", _TRANSPORT, ("mobility", "daily"), ("Ticket machine records",),
            "VIEW", "Counts of tickets between wards by hour, rounded to ten.", "Bengaluru", "ward", "day", 2021, "DAILY",
            "journeys"),
    _Sample("Bus stops and timetables", "MO0001", _TRANSPORT, ("mobility",), ("Timetable database",), "DOWNLOAD",
            "The timetable in force, as GTFS.", "Bengaluru", "stop", "day", 2021, "WEEKLY", "stops"),
    _Sample("Reservoir levels", "WA0001", _WATER, ("water", "daily"), ("Reservoir bulletins",), "DOWNLOAD",
            "Level, live storage, inflow and outflow at eight in the morning.", "Karnataka", "reservoir", "day", 2000,
            "DAILY", "level_m"),
    _Sample("Sewage surveillance of pathogens", "WA0001", _WATER, ("water", "weekly", "genomics"),
            ("Sewage sampling sheets",), "NONE", "Copies per litre by plant and target. Under embargo until publication.",
            "Bengaluru", "treatment plant", "week", 2022, "WEEKLY", "copies_per_l"),
    _Sample("Groundwater depth by well", "WA0001", _WATER, ("water", "quarterly"), ("Well measurements",), "DOWNLOAD",
            "Metres below ground, four times a year.", "Karnataka", "well", "quarter", 2005, "QUARTERLY", "depth_m"),
)  # fmt: skip


def is_empty(target: Target) -> bool:
    """Whether the catalogue is there and holds nothing."""
    with connect(target, read_only=True) as connection:
        row = connection.execute(query("catalogue_is_empty")).fetchone()
        return bool(row and row[0])


def fill(target: Target, folder: Path) -> int:
    """Put the sample into an empty catalogue, its files into ``folder``; how many datasets. One transaction."""
    folder.mkdir(parents=True, exist_ok=True)
    with connect(target) as connection, connection.transaction():
        connection.execute(query("sample_surroundings"), {"url": folder.absolute().as_uri()})
        for tag in sorted({tag for one in SAMPLES for tag in one.tags}):
            connection.execute("INSERT INTO public.tags (name) VALUES (%s)", [tag])
        for raw, owner in sorted({(raw, one.owner) for one in SAMPLES for raw in one.raw}):
            connection.execute("SELECT public.add_raw_dataset(%s, %s)", [raw, owner])
        for number, one in enumerate(SAMPLES):
            _add(connection, one, folder, random.Random(number))  # noqa: S311 - sample figures
    return len(SAMPLES)


def _add(connection: psycopg.Connection[Any], one: _Sample, folder: Path, chance: random.Random) -> None:
    row = connection.execute(
        "SELECT public.add_dataset(%s, %s, %s, %s, %s, %s, %s::public.access_level)",
        [one.title, one.collection, one.owner, list(one.tags), list(one.raw), one.description, one.access],
    ).fetchone()
    ds_id = row[0] if row else ""
    connection.execute(
        query("sample_coverage"),
        {"ds_id": ds_id, "coverage": one.coverage, "unit": one.unit, "step": one.step, "since": date(one.since, 1, 1)},
    )
    for version_type in ("PREPROCESSED", "STANDARDISED")[: chance.choice((1, 2, 2))]:
        made = connection.execute(query("sample_version"), [ds_id, version_type, one.frequency]).fetchone()
        name = one.title.lower().replace(" ", "_").replace(",", "").replace("°", "")
        path = folder / ds_id / version_type.lower() / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(_lines(one, chance)).encode()
        path.write_bytes(text)
        connection.execute(
            query("sample_table"),
            {
                "version_id": made[0] if made else None,
                "name": name,
                "description": f"One row is one {one.unit} in one {one.step}.",
                "object_key": str(path.relative_to(folder)),
                "byte_size": len(text),
                "sha256": hashlib.sha256(text).hexdigest(),
                "row_count": text.count(b"\n") - 1,
                "data_dictionary": Jsonb(_dictionary(one)),
            },
        )


def _dictionary(one: _Sample) -> list[dict[str, str]]:
    return [
        {"name": "date", "type": "date", "description": f"First day of the {one.step}", "unit": ""},
        {"name": "place", "type": "text", "description": one.unit.capitalize(), "unit": ""},
        {"name": one.measure, "type": "number", "description": one.title, "unit": one.measure.rpartition("_")[2]},
    ]


def _lines(one: _Sample, chance: random.Random) -> Iterator[str]:
    yield f"date,place,{one.measure}\n"
    for week in range(52):
        for place in _DISTRICTS:
            yield f"{date(2025, 1, 6) + timedelta(weeks=week)},{place},{chance.randint(0, 400)}\n"
