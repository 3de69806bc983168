"""Documents of the United Nations as structure: sections, paragraphs, statements, quantities, links."""

import lazy_loader

from corridors.extras import need

need("documents")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
