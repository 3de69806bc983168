from . import bonds as bonds
from . import diaspora as diaspora
from . import elasticities as elasticities
from . import matrix as matrix
from . import prices as prices
from . import stress as stress
from . import welfare as welfare
