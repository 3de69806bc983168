from .compose import brief as brief
from .content import BriefSection as BriefSection
from .content import Drawing as Drawing
from .content import Figure as Figure
from .content import Key as Key
from .content import Table as Table
from .country_brief import Brief as Brief
from .language import languages as languages
