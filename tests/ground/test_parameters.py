"""Every parameter is read by something, and nothing keeps a copy of one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import corridors
from corridors import packaged
from corridors.cooperation.perception import fit_rescaling, perceived_shares
from corridors.errors import NotFound
from corridors.parameters import parameters, value

SOURCE = Path(corridors.__file__).parent
# Names that a module puts together, by their beginning.
COMPOSED = ("remittance_sd_", "poverty_elasticity_")
# Results that `corridors why` shows with the table they were fitted for; see the test below.
FITTED = ("rescaling_gamma_ipsos2014", "rescaling_delta_ipsos2014")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def asked_for() -> set[str]:
    """What modules ask for: calls of ``value("…")``, under any name."""
    names: set[str] = set()
    for _, tree in trees():
        known = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "corridors.parameters"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
                names |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return names


def named_in_data() -> set[str]:
    """What margins of indicators and statements name, and queries of statements."""
    listed = packaged.toml("atlas/indicators.toml")["indicator"]
    listed += packaged.toml("cooperation/claims/claims.toml")["claim"]
    queries = packaged.text("atlas/claim_figures.toml")
    families = {f"{start}_" for start in re.findall(r"LIKE '(\w+)_%'", queries)}
    named = {n for n in parameters() if f"'{n}'" in queries or n.startswith(tuple(families))}
    return named | {name for entry in listed for name in entry.get("revision", ())}


def test_every_parameter_is_asked_for() -> None:
    asked = asked_for() | named_in_data()
    unread = [n for n in parameters() if n not in asked and not n.startswith(COMPOSED) and n not in FITTED]
    assert unread == []
    for start in COMPOSED:
        assert any(f'f"{start}{{' in path.read_text("utf-8") for path, _ in trees()), start


def test_lineage_names_parameters_that_there_are() -> None:
    lineage = packaged.toml("atlas/lineage.toml")["estimate"]
    indicators = packaged.toml("atlas/indicators.toml")["indicator"]
    named = {name for entry in (*lineage, *indicators) for name in entry.get("parameters", [])}
    assert named
    assert named | named_in_data() <= set(parameters())


def test_fitted_parameters_are_what_the_fit_gives() -> None:
    guesses = perceived_shares()
    fit = fit_rescaling(guesses["perceived"], guesses["actual"])
    assert (fit.gamma, fit.delta) == pytest.approx(tuple(value(name) for name in FITTED), abs=0.0006)


def test_nobody_keeps_a_copy_of_the_price_targets() -> None:
    """No constant or default holds the pair of targets, and none named a target holds one of them."""
    targets = {value("price_target_average"), value("price_target_corridor")}

    def copies(node: ast.AST) -> bool:
        pair = isinstance(node, ast.Tuple | ast.List | ast.Set)
        if pair and {e.value for e in node.elts if isinstance(e, ast.Constant)} == targets:
            return True
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            return False
        names = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target).lower()
        literal = isinstance(node.value, ast.Constant) and node.value.value in targets
        return literal and any(word in names for word in ("target", "five"))

    found = [
        f"{path.name}:{node.lineno}" for path, tree in trees() for node in ast.walk(tree) if copies(node)
    ]
    assert found == []


@pytest.mark.parametrize("file", ["atlas/macros.sql", "atlas/indicators.toml", "atlas/views.sql"])
def test_queries_do_not_write_out_the_width_of_the_interval(file: str) -> None:
    assert "1.28" not in packaged.text(file)
    assert "1.64" not in packaged.text(file)


def test_values_lie_within_their_bounds() -> None:
    table = pl.DataFrame([(p.name, p.bounds[0], p.value, p.bounds[1]) for p in parameters().values()],
                         schema=["name", "low", "value", "high"], orient="row")  # fmt: skip
    assert table.filter(~pl.col("value").is_between("low", "high")).is_empty()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(NotFound, match="interval_level"):
        value("interval_levle")
