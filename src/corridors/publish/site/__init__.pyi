from .files import Maker as Maker
from .files import site_files as site_files
from .measures import Measure as Measure
from .measures import Option as Option
from .measures import measures_of as measures_of
