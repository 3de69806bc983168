"""Every data file of the site: its path and what makes its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from corridors.atlas import Atlas
from corridors.publish.site.about import about_file
from corridors.publish.site.documents import (
    JSON_TABLES,
    PARQUET_TABLES,
    lineage_file,
    names_file,
    sources_file,
    table_json,
    table_parquet,
)
from corridors.publish.site.measures import Measure, measures_of
from corridors.publish.site.pages import corridor_file, countries, origins, profile_file
from corridors.publish.site.pairs import measure_file, times_of

Maker = Callable[[Atlas], bytes]


def site_files(atlas: Atlas, *, api: bool = False) -> Mapping[str, Maker]:
    """Paths of all data files of a site with the functions that make them.

    Nothing is made before a function is called; it may be called with any opened copy of the
    same atlas, so that several threads can share the registry.

    Parameters
    ----------
    atlas
        An opened atlas; tables it lacks have no file.
    api
        Whether the site is served with the API, as ``data/atlas.json`` says.

    Returns
    -------
    Mapping
        Path below the site's root -> function from an atlas to the bytes of the file.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.site import site_files
    >>> atlas = co.open()
    >>> site_files(atlas)["data/atlas.json"](atlas)[:1]
    b'{'
    """
    files = dict(_files(atlas))
    known = (*JSON_TABLES.values(), *(extract.path for extract in PARQUET_TABLES.values()))
    optional = tuple(path for path in known if path in files)
    return MappingProxyType({"data/atlas.json": partial(about_file, api=api, files=optional), **files})


def _files(atlas: Atlas) -> Iterator[tuple[str, Maker]]:
    yield "data/names.json", names_file
    yield "data/sources.json", sources_file
    yield "data/lineage.json", lineage_file
    for measure in measures_of(atlas):
        yield from _measure_files(atlas, measure)
    tables = set(atlas.tables())
    for table, path in JSON_TABLES.items():
        if table in tables:
            yield path, partial(table_json, table=table)
    for table, extract in PARQUET_TABLES.items():
        if table in tables:
            yield extract.path, partial(table_parquet, table=table, extract=extract)
    for origin in origins(atlas):
        yield f"data/corridor/{origin}.parquet", partial(corridor_file, origin=origin)
    for country in countries(atlas):
        yield f"data/profile/{country}.json", partial(profile_file, country=country)


def _measure_files(atlas: Atlas, measure: Measure) -> Iterator[tuple[str, Maker]]:
    times = [t for t, _ in times_of(atlas, measure)] if "{t}" in measure.path else [None]
    for choice in measure.choices():
        for t in times:
            full = choice if t is None else {**choice, "t": t}
            yield measure.path.format(**full), partial(measure_file, measure=measure, choice=full)
