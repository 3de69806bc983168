from . import figures as figures
from . import rules as rules
from . import statements as statements
