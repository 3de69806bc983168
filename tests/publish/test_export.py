"""The exported site: whole or not there, and on the command line."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

import corridors as co
from conftest import Once
from corridors.cli.publish import app
from corridors.publish import export as export_module
from corridors.publish.export import MARK, export_site


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "assets").mkdir()
    (folder / "assets" / "index-1.js").write_text("export {}\n")
    (folder / ".sources").write_text("abc\n")
    (folder / "index.html").write_text('<head><base href="./"></head>')
    return folder


@pytest.fixture(scope="module")
def exported(atlas: co.Atlas, web: Path, once: Once) -> Path:
    def make(root: Path) -> None:
        done = export_site(atlas, root / "site", web=web)
        assert done.pages
        assert done.folder == root / "site"
        assert done.bytes == sum(done.bytes_by_part.values())

    return once("export", make) / "site"


def test_all_files_are_there(exported: Path, atlas: co.Atlas) -> None:
    from corridors.publish.site import site_files

    for path in site_files(atlas):
        assert (exported / path).stat().st_size > 0
    assert (exported / "404.html").read_bytes() == (exported / "index.html").read_bytes()
    assert (exported / "assets" / "index-1.js").is_file()
    assert "missing is not zero" in (exported / "README.txt").read_text("utf-8")
    assert not (exported / ".sources").exists()
    assert json.loads((exported / "data" / "atlas.json").read_bytes())["api"] is False


def test_the_data_of_the_site_stay_small(exported: Path) -> None:
    # All years and pairs; what a first visit loads is measured with the pages.
    size = sum(p.stat().st_size for p in (exported / "data").rglob("*") if p.is_file())
    assert size < 11_000_000


def test_a_former_export_is_replaced(atlas: co.Atlas, web: Path, small: Path) -> None:
    (small / "left.txt").write_text("old")
    export_site(atlas, small, web=web)
    assert not (small / "left.txt").exists()
    assert (small / "index.html").is_file()
    assert [p.name for p in small.parent.iterdir()] == [small.name]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A former export, and a site of two files, to be quick."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / MARK).write_text("x")
    files = {"data/atlas.json": lambda _: b"{}", "data/pair/x.parquet": lambda _: b"PAR1"}
    monkeypatch.setattr(export_module, "site_files", lambda _: files)
    return folder


def test_anything_else_is_left_alone(atlas: co.Atlas, web: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(co.DataError, match="is not empty and is no export") as caught:
        export_site(atlas, tmp_path, web=web)
    assert "thesis.docx" in caught.value.detail
    assert "new folder" in caught.value.remedy
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(co.DataError, match="is a file"):
        export_site(atlas, tmp_path / "thesis.docx", web=web)


def test_a_failure_leaves_the_old_export_whole(
    atlas: co.Atlas, web: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: co.Atlas) -> bytes:
        raise co.DataError("the figures are broken")

    (small / "old.txt").write_text("whole")
    monkeypatch.setattr(export_module, "site_files", lambda _: {"data/x.json": failing})
    with pytest.raises(co.DataError, match="broken"):
        export_site(atlas, small, web=web)
    assert (small / "old.txt").read_text() == "whole"
    assert [p.name for p in small.parent.iterdir()] == [small.name]


def test_without_pages_it_says_how_to_build_them(atlas: co.Atlas, tmp_path: Path, small: Path) -> None:
    empty = tmp_path / "nothing"
    with pytest.raises(co.NotFound, match="not built") as caught:
        export_site(atlas, small, web=empty)
    assert "npm run build" in caught.value.remedy
    assert not export_site(atlas, small, web=empty, without_pages=True).pages


def test_on_the_command_line(atlas_folder: Path, tmp_path: Path, small: Path) -> None:
    result = CliRunner().invoke(
        app, ["export", "site", str(small), "--without-pages", "--atlas", str(atlas_folder)]
    )
    assert result.exit_code == 0, result.output
    assert re.search(r"site: \d+ files, \d", result.stderr)
    assert (small / "data" / "atlas.json").read_bytes() == b"{}"


SERVE = "from corridors.cli.publish import app; app()"


def test_serve_says_where_answers_and_ends(atlas_folder: Path) -> None:
    command = [sys.executable, "-c", SERVE, "serve", "--port", "0", "--atlas", str(atlas_folder)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        with urllib.request.urlopen(f"{found.group(0)}health", timeout=30) as answer:
            assert json.load(answer)["status"] == "ok"
        if sys.platform != "win32":
            import signal

            server.send_signal(signal.SIGINT)
            assert server.wait(30) in (0, 130, -signal.SIGINT)
            assert "Traceback" not in server.stderr.read()
    finally:
        server.kill()
        server.wait()
        if server.stderr is not None:
            server.stderr.close()


def test_a_taken_port_is_a_clear_error(atlas_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        began = time.perf_counter()
        result = CliRunner().invoke(app, ["serve", "--port", str(port), "--atlas", str(atlas_folder)])
    assert isinstance(result.exception, co.DataError)
    assert f"127.0.0.1 port {port} can not be used" in result.exception.title
    assert "--port 0" in result.exception.remedy
    assert time.perf_counter() - began < 20
