"""Publishers' own files: fetched once, verified, read into the tables of the evidence.

>>> from corridors.evidence import sources
>>> sources.catalogue()["un-migrant-stock"].publisher.split(",")[0]
'United Nations'
"""

from corridors.evidence.sources.client import Client
from corridors.evidence.sources.download import Fetcher
from corridors.evidence.sources.fetching import fetch
from corridors.evidence.sources.lock import Locked, default_path, read_lock
from corridors.evidence.sources.reading import fetched, read_source
from corridors.evidence.sources.source_cards import Request, SourceCard, catalogue, source
from corridors.evidence.sources.store import Store

__all__ = [
    "Client",
    "Fetcher",
    "Locked",
    "Request",
    "SourceCard",
    "Store",
    "catalogue",
    "default_path",
    "fetch",
    "fetched",
    "read_lock",
    "read_source",
    "source",
]
