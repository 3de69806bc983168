"""Gravity models find what generated the flows, and their seeds shape estimates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from corridors import evidence
from corridors.errors import DataError
from corridors.migration import fit_gravity, gravity_panel, minimum

PLACES = [f"P{i:02d}" for i in range(18)]


@pytest.fixture(scope="module")
def ties() -> pl.DataFrame:
    random = np.random.default_rng(5)
    rows = [
        (a, b, float(random.uniform(100, 9000)), *(int(random.random() < p) for p in (0.1, 0.2, 0.1)))
        for i, a in enumerate(PLACES)
        for b in PLACES[i + 1 :]
    ]
    names = ["origin", "destination", "distance_km", "contiguous", "common_language", "colonial_tie"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.fixture(scope="module")
def simulated(ties: pl.DataFrame) -> pl.DataFrame:
    """Flows of two periods from a known model."""
    random = np.random.default_rng(6)
    grid = gravity_panel(
        pl.DataFrame({"origin": PLACES, "destination": PLACES[::-1], "value": [1.0] * 18}), ties
    )
    frames = []
    for period in (2010, 2015):
        size = {side: dict(zip(PLACES, random.normal(0, 1, 18), strict=True)) for side in ("o", "d")}
        effect = [size["o"][o] + size["d"][d] for o, d in grid.select("origin", "destination").iter_rows()]
        mean = np.exp(
            11
            + np.array(effect)
            - 0.9 * grid["log_distance"].to_numpy()
            + 0.6 * grid["common_language"].to_numpy()
        )
        frames.append(
            grid.select("origin", "destination").with_columns(
                period_start=pl.lit(period), value=pl.Series(random.poisson(mean).astype(float))
            )
        )
    return pl.concat(frames).filter(pl.col("value") > 0)


def test_panel_holds_every_pair_and_zeros(simulated: pl.DataFrame, ties: pl.DataFrame) -> None:
    panel = gravity_panel(simulated, ties)
    assert panel.height == 18 * 17 * 2
    assert panel.filter(value=0).height == panel.height - simulated.height
    pandas = gravity_panel(simulated.to_pandas(), ties.to_pandas())
    assert pandas.equals(panel)


def test_fit_recovers_the_model(simulated: pl.DataFrame, ties: pl.DataFrame) -> None:
    fit = fit_gravity(gravity_panel(simulated, ties))
    truth = {"log_distance": -0.9, "contiguous": 0.0, "common_language": 0.6, "colonial_tie": 0.0}
    for term, value in truth.items():
        assert abs(fit.coefficients[term] - value) < 4 * fit.standard_errors[term], term
    assert fit.standard_errors["log_distance"] < 0.05
    assert fit.to_polars()["term"].to_list() == list(truth)
    assert "log_distance" in fit.summary()


def test_numbers_of_pyfixest(simulated: pl.DataFrame, ties: pl.DataFrame) -> None:
    """Effects of two periods, an origin that sends nothing, errors by pair."""
    pytest.importorskip("pyfixest", reason="pyfixest is not installed")
    import warnings

    from pyfixest.estimation import fepois

    panel = gravity_panel(simulated, ties).with_columns(
        value=pl.when((pl.col("origin") == "P03") & (pl.col("period_start") == 2010))
        .then(0.0)
        .otherwise("value")
    )
    fit = fit_gravity(panel)
    long = panel.with_columns(
        pair=pl.col("origin") + ">" + pl.col("destination"),
        o=pl.concat_str("origin", "period_start"),
        d=pl.concat_str("destination", "period_start"),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = fepois(
            f"value ~ {' + '.join(fit.coefficients)} | o + d",
            data=long.to_pandas(),
            vcov={"CRV1": "pair"},
            fixef_tol=1e-13,
            iwls_tol=1e-14,
            iwls_maxiter=200,
        )
        b, errors = peer.coef(), peer.se()
    assert fit.observations == peer._N == panel.height - 17
    assert fit.pseudo_r2 == pytest.approx(peer._pseudo_r2, abs=1e-10)
    for term in fit.coefficients:
        assert fit.coefficients[term] == pytest.approx(b[term], abs=1e-8)
        assert fit.standard_errors[term] == pytest.approx(errors[term], rel=1e-8)


def test_distance_decay_of_korea_equals_the_published_one() -> None:
    """Poisson with origin and destination effects: -0.9201503781 for Korean provinces in 2020."""
    korea = pl.read_csv(Path(__file__).parent / "golden" / "korea_flows.csv")
    frame = korea.select(
        origin="orig",
        destination="dest",
        value=pl.col("2020").cast(pl.Float64),
        log_distance=pl.col("distance").log(),
        period_start=pl.lit(2020),
    )
    fit = fit_gravity(frame, ties=["log_distance"])
    assert fit.coefficients["log_distance"] == pytest.approx(-0.9201503781, abs=1e-6)


def test_seed_puts_moves_where_ties_are(simulated: pl.DataFrame, ties: pl.DataFrame) -> None:
    fit = fit_gravity(gravity_panel(simulated, ties), ties=["log_distance", "common_language"])
    seed = fit.seed(ties, PLACES)
    assert seed.shape == (18, 18)
    assert (seed > 0).all()
    near = ties.sort("distance_km").filter(pl.col("common_language") == 1).row(0, named=True)
    far = ties.sort("distance_km").filter(pl.col("common_language") == 0).row(-1, named=True)
    i, j = PLACES.index(near["origin"]), PLACES.index(near["destination"])
    k, m = PLACES.index(far["origin"]), PLACES.index(far["destination"])
    assert seed[i, j] > 10 * seed[k, m]
    start = np.diag(np.full(18, 1000.0)) + 20
    end = start + np.roll(np.eye(18), 1, axis=1) * 5 - np.eye(18) * 5
    np.testing.assert_allclose(minimum(start, end, seed=seed).net, end.sum(0) - start.sum(0), atol=1e-6)


def test_world_ties_cover_the_embedded_corridors() -> None:
    known = evidence.load()
    stock = known.table("migrant_stock").filter(pl.col("origin") != "OTH", year=2020)
    moves = stock.select("origin", "destination", value=(pl.col("female") + pl.col("male")).cast(pl.Float64))
    panel = gravity_panel(moves, known.table("proximity"))
    assert panel["origin"].n_unique() > 180
    fit = fit_gravity(panel)
    assert -1.6 < fit.coefficients["log_distance"] < -0.5
    assert fit.coefficients["colonial_tie"] > 0
    assert fit.coefficients["common_language"] > 0


def test_bad_input(ties: pl.DataFrame, simulated: pl.DataFrame) -> None:
    with pytest.raises(DataError, match="table 'flows' has no column 'value'"):
        gravity_panel(simulated.drop("value"), ties)
    with pytest.raises(DataError, match="below 0"):
        gravity_panel(simulated.with_columns(value=pl.lit(-1.0)), ties)
    with pytest.raises(DataError, match="table 'ties' has no column"):
        gravity_panel(simulated, ties.drop("distance_km"))
    with pytest.raises(DataError, match="no pair"):
        gravity_panel(simulated, ties.with_columns(pl.format("X{}", pl.col("origin", "destination"))))
    panel = gravity_panel(simulated, ties)
    with pytest.raises(DataError, match="does not vary"):
        fit_gravity(panel.with_columns(contiguous=pl.lit(0.0)))
    with pytest.raises(DataError, match="table 'panel' has no column 'religion'"):
        fit_gravity(panel, ties=["religion"])
    with pytest.raises(DataError, match="no tie"):
        fit_gravity(panel, ties=[])
    with pytest.raises(DataError, match="panel"):
        fit_gravity(pl.concat([panel, panel.head(1)]))
    with pytest.raises(DataError, match="can not be told apart"):
        fit_gravity(panel.with_columns(twice=2 * pl.col("log_distance")), ties=["log_distance", "twice"])
    with pytest.raises(DataError, match="known ties"):
        fit_gravity(panel, ties=["log_distance"]).seed(ties, ["X", "Y"])


def test_a_pair_that_stands_twice_is_of_several_methods_or_kinds() -> None:
    flows = pl.DataFrame({"origin": ["A", "A"], "destination": ["B", "B"], "value": [7.0, 9.0]})
    ties = pl.DataFrame({"origin": ["A"], "destination": ["B"], "distance_km": [100.0], "contiguous": [0],
                         "common_language": [1], "colonial_tie": [0]})  # fmt: skip
    with pytest.raises(DataError, match=r"twice in 2 rows(?s:.*)of one method, kind and sex"):
        gravity_panel(flows, ties)
    with pytest.raises(DataError, match="column 'value' is missing in 1 row"):
        gravity_panel(flows.head(1).with_columns(value=pl.lit(None, pl.Float64)), ties)
