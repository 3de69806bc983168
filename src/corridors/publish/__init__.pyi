from . import api as api
from . import brief as brief
from . import cards as cards
from . import charts as charts
from . import packages as packages
from . import site as site
