"""The built pages: index.html with the right base, and its assets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from fastapi.responses import Response

_BASE = re.compile(rb'<base href="\./"\s*/?>')
KINDS: Mapping[str, str] = MappingProxyType(
    {
        ".html": "text/html",
        ".js": "text/javascript",
        ".css": "text/css",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".ico": "image/x-icon",
        ".woff2": "font/woff2",
        ".txt": "text/plain",
        ".webmanifest": "application/manifest+json",
        ".parquet": "application/vnd.apache.parquet",
    }
)
NOT_BUILT = b"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><base href="./"><title>corridors</title>
<link rel="stylesheet" href="api.css"></head>
<body><main>
<h1>corridors</h1>
<p>The API works, but the pages are not built into this installation.</p>
<p>Install a wheel that has them, or, in a copy of the sources with Node.js 20 or newer, run
<code>npm ci</code> and <code>npm run build</code> in the folder <code>web</code>, and start again.</p>
<p><a href="api">What the API offers</a></p>
</main></body>
</html>
"""


def web_files(folder: Path | None) -> Mapping[str, Path]:
    """Files of the built web app by path below its root; none if it is not built.

    Parameters
    ----------
    folder
        Where it was built; None for none.
    """
    if folder is None or not (folder / "index.html").is_file():
        return MappingProxyType({})
    files = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return MappingProxyType({name: path for name, path in files.items() if not name.startswith(".")})


def index_page(files: Mapping[str, Path], depth: int) -> bytes:
    """index.html for an address so many folders deep.

    Examples
    --------
    >>> b'<base href="../">' in index_page({}, 1)
    True
    """
    page = files["index.html"].read_bytes() if "index.html" in files else NOT_BUILT
    return _BASE.sub(b'<base href="%s">' % (b"../" * depth or b"./"), page, count=1)


def kind_of(name: str) -> str:
    """Media type of a file by its name.

    Examples
    --------
    >>> kind_of("assets/index-1a2b.js"), kind_of("LICENSE")
    ('text/javascript', 'application/octet-stream')
    """
    return KINDS.get(Path(name).suffix, "application/octet-stream")


def asset(name: str, path: Path) -> Response:
    """A file of the web app; those named by their hash may be kept for good."""
    kept = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
    return Response(path.read_bytes(), media_type=kind_of(name), headers={"Cache-Control": kept})
