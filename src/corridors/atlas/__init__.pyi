from .answers import Explanation as Explanation
from .answers import Facts as Facts
from .reader import Atlas as Atlas
from .reader import open_atlas as open_atlas
