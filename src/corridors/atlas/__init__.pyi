from .explain import Explanation as Explanation
from .reader import Atlas as Atlas
from .reader import Facts as Facts
from .reader import open_atlas as open_atlas
