from . import figures as figures
from . import otherwise as otherwise
from . import rules as rules
from . import statements as statements
