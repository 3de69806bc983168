"""The atlas as a web site: served here, or exported as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.options import AtlasOption, QuietOption, examples

if TYPE_CHECKING:
    import socket

app = typer.Typer(no_args_is_help=True)
export_app = typer.Typer(no_args_is_help=True, help="Write the atlas for others.")
app.add_typer(export_app, name="export")

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@export_app.callback()
def export() -> None:
    """Write the atlas for others."""


@app.command(epilog=examples("corridors serve", "corridors serve --port 0 --atlas my_atlas"))
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="port; 0 picks a free one")] = 8000,
    host: Annotated[str, typer.Option(help="address; 0.0.0.0 opens it to the network")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None, typer.Option(help="a name under which it is reached through a proxy")
    ] = None,
    atlas: AtlasOption = None,
) -> None:
    """Serve the atlas as a web site and an API. Ctrl-C ends it."""
    import threading

    from corridors.extras import need
    from corridors.publish.api import create_app
    from corridors.publish.export import WEB

    need("web")
    import uvicorn

    listening = _listen(host, port)
    # On this machine only its own names are answered, so that no page elsewhere can reach in by a name
    # that it has pointed here.
    names = [*LOOPBACK, "[::1]", *(allow_host or ())] if host in LOOPBACK or allow_host else None
    with listening:
        site = create_app(atlas, hosts=names)
        warming = threading.Thread(target=site.state.reader.warm)
        warming.start()
        # Later, so that the first page does not wait for it.
        preparing = threading.Timer(1.0, site.state.reader.prepare)
        preparing.start()
        typer.echo(f"the atlas {site.state.reader.path} is at {_address(listening, host)}", err=True)
        if not (WEB / "index.html").is_file():
            typer.echo("the pages are not built into this installation: only the API is there", err=True)
        typer.echo("Ctrl-C ends it", err=True)
        config = uvicorn.Config(site, log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
        # A query that runs while the interpreter goes down would crash it.
        preparing.cancel()
        warming.join()
        preparing.join()


def _listen(host: str, port: int) -> socket.socket:
    import socket

    from corridors.errors import DataError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise DataError(
            f"{host} port {port} can not be used",
            error.strerror or str(error),
            "take another: --port 0 finds one",
        ) from error
    return listening


def _address(listening: socket.socket, host: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}/"


@export_app.command(epilog=examples("corridors export site public", "corridors export site /srv/www/atlas"))
def site(
    folder: Annotated[Path, typer.Argument(help="a new folder, or a former export")],
    without_pages: Annotated[bool, typer.Option(help="only the data, where the pages are not built")] = False,
    quiet: QuietOption = False,
    atlas: AtlasOption = None,
) -> None:
    """Write the whole site as files for any static web server; it works offline, below any path."""
    from corridors.atlas import open_atlas
    from corridors.publish.export import export_site

    with open_atlas(atlas) as source:
        done = export_site(source, folder, without_pages=without_pages)
    if not quiet:
        typer.echo(done.summary(), err=True, nl=False)


@export_app.command(
    epilog=examples("corridors export data package", "corridors export data package --table claim")
)
def data(
    folder: Annotated[Path, typer.Argument(help="a new folder")],
    table: Annotated[list[str] | None, typer.Option(help="a table, several times for several [all]")] = None,
    quiet: QuietOption = False,
    atlas: AtlasOption = None,
) -> None:
    """Write every table as Parquet with a datapackage.json (Frictionless)."""
    from corridors.atlas import open_atlas
    from corridors.publish.packages import data_package

    with open_atlas(atlas) as source:
        package = data_package(source, folder, table)
    if not quiet:
        size = sum(resource["bytes"] for resource in package["resources"])
        typer.echo(f"{len(package['resources'])} tables, {size / 1e6:.1f} MB, in {folder}", err=True)


@export_app.command(
    epilog=examples("corridors export sdmx exchange", "corridors export sdmx exchange --table migrant_stock")
)
def sdmx(
    folder: Annotated[Path, typer.Argument(help="a new folder")],
    table: Annotated[list[str] | None, typer.Option(help="a table, several times for several [all]")] = None,
    quiet: QuietOption = False,
    atlas: AtlasOption = None,
) -> None:
    """Write the main tables as SDMX-CSV 2.0."""
    from corridors.atlas import open_atlas
    from corridors.publish.packages import sdmx_csv

    with open_atlas(atlas) as source:
        rows = sdmx_csv(source, folder, table)
    if not quiet:
        typer.echo("\n".join(f"{name}: {count:,} rows" for name, count in rows.items()), err=True)
