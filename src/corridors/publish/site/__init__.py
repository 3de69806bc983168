"""The atlas as files for the web: selected, rounded, and nothing computed."""

from corridors.publish.site.files import Maker, site_files
from corridors.publish.site.measures import Measure, Option, measures_of

__all__ = ["Maker", "Measure", "Option", "measures_of", "site_files"]
