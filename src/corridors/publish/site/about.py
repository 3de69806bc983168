"""``data/atlas.json``: what there is, in words and keys."""

from __future__ import annotations

import hashlib
from typing import Any

from corridors.atlas import Atlas
from corridors.parameters import value
from corridors.publish.site.encode import compact_json
from corridors.publish.site.measures import Measure, measures_of, settings
from corridors.publish.site.pairs import times_of
from corridors.version import __version__

FORMAT = 1
REGIONS = (
    "Africa",
    "Asia",
    "Europe",
    "Latin America and the Caribbean",
    "Northern America",
    "Oceania",
)


def atlas_id(atlas: Atlas) -> str:
    """Short digest of the build, its software and its sources.

    Parameters
    ----------
    atlas
        An opened atlas.

    Returns
    -------
    str
        Twelve hexadecimal digits; two builds at different times differ.
    """
    run = atlas.sql("SELECT * FROM run").rows()
    sources = atlas.sql("SELECT source, sha256 FROM source ORDER BY ALL").rows()
    stated = atlas.path.stat()
    return hashlib.sha256(repr((run, sources, stated.st_size)).encode()).hexdigest()[:12]


def about(atlas: Atlas, *, api: bool = False) -> dict[str, Any]:
    """Contents of ``data/atlas.json``.

    Parameters
    ----------
    atlas
        An opened atlas.
    api
        Whether the site is served with the API.
    """
    run, day = atlas.sql("SELECT built_at, as_of FROM run").row(0)
    return {
        "format": FORMAT,
        "project": "corridors",
        "version": __version__,
        "built": run,
        "as_of": str(day),
        "old_years": int(value("figure_age_old_years")),
        "superseded": _superseded(atlas),
        "atlas_id": atlas_id(atlas),
        "api": api,
        "measures": [_measure(atlas, m) for m in measures_of(atlas)],
        "places": [_place(row) for row in atlas.sql(_PLACES).iter_rows()],
        "counted": _counted(atlas),
        "regions": list(REGIONS),
        "disclaimer": settings()["text"]["disclaimer"],
        "languages": settings()["languages"],
        "files": {},
    }


_PLACES = """
    SELECT country, name, region, subregion, income_group, round(lat, 2), round(lon, 2), kind,
        lpad(m49::VARCHAR, 3, '0')
    FROM place ORDER BY country
"""


def about_file(atlas: Atlas, *, api: bool = False, files: tuple[str, ...] = ()) -> bytes:
    """The file of :func:`about`, with the names of the optional files that are there."""
    return compact_json({**about(atlas, api=api), "files": list(files)})


def _counted(atlas: Atlas) -> dict[str, list[str]]:
    codes = atlas.sql("SELECT unit AS code FROM territory UNION SELECT member FROM territory ORDER BY 1")
    notes = {code: list(atlas.counted(code)) for (code,) in codes.iter_rows()}
    return {code: found for code, found in notes.items() if found}


def _superseded(atlas: Atlas) -> dict[str, str]:
    """What has taken the place of the figures of a table, where something has."""
    cards = atlas.sql("SELECT table_name, superseded FROM source WHERE superseded IS NOT NULL ORDER BY ALL")
    return dict(cards.iter_rows())


def _few(atlas: Atlas, measure: Measure) -> dict[str, dict[str, int]]:
    """Pairs whose figure rests on few observations, and on how many, by time."""
    if not measure.few:
        return {}
    rows = atlas.sql(f"{measure.few} ORDER BY ALL", {"few": value("price_few_quotes")})
    found: dict[str, dict[str, int]] = {}
    for t, pair, count in rows.iter_rows():
        found.setdefault(str(t), {})[pair] = count
    return found


def _place(row: tuple[Any, ...]) -> list[Any]:
    return list(row)


def _measure(atlas: Atlas, measure: Measure) -> dict[str, Any]:
    times = times_of(atlas, measure)
    column = atlas.sql(
        "SELECT unit, description FROM dictionary WHERE table_name = $t AND column_name = $c",
        {"t": measure.table, "c": measure.column},
    )
    unit, definition = column.row(0) if column.height else ("", "")
    recipe = atlas.sql(
        "SELECT caveat, uncertainty FROM lineage WHERE table_name = $t AND method = $m",
        {"t": measure.lineage[0], "m": measure.lineage[1]},
    )
    caveat, uncertainty = recipe.row(0) if recipe.height else (None, None)
    return {
        "id": measure.id,
        "title": measure.title,
        "short": measure.short,
        "unit": measure.unit or unit or "",
        "definition": measure.definition or definition,
        "caveat": measure.caveat or caveat or "",
        "kind": measure.kind,
        "table": measure.table,
        "arrow": measure.arrow or None,
        "options": [
            {"id": o.id, "label": o.label, "values": [list(v) for v in o.values], "default": o.default}
            for o in measure.options
        ],
        "absent": measure.absent(),
        "times": [list(time) for time in times],
        "default_time": _default_time(measure, times),
        "path": measure.path,
        "interval": _has_interval(atlas, measure),
        "interval_words": measure.uncertainty or uncertainty or "",
        "sum": measure.sum,
        "decimals": measure.decimals,
        "lineage": list(measure.lineage),
        "sources": list(measure.sources),
        "least": measure.least,
        "few": _few(atlas, measure),
        "beside": atlas.sql(measure.beside)["words"].to_list() if measure.beside else [],
    }


def _default_time(measure: Measure, times: list[tuple[int, str]]) -> int | None:
    """The latest; of a projection the first."""
    if not times:
        return None
    return times[0][0] if measure.id == "projection" else times[-1][0]


def _has_interval(atlas: Atlas, measure: Measure) -> bool:
    if measure.kind == "pair":
        return "lower" in measure.query
    return bool(atlas.sql(f"SELECT count(lower) AS n FROM ({measure.query})").item())
