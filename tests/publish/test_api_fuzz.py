"""Every documented address, asked at random: no failure, and answers of the documented shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from corridors.publish.api import create_app

pytestmark = [
    # Of schemathesis and its dependencies, not of this package.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def api(atlas_folder: Path) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(atlas_folder, None))


def test_answers_at_random(api: Any) -> None:
    asked = 0
    for operation in api.get_all_operations():

        @settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.ok().as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call()
            case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
            if answer.status_code != 200:
                assert set(answer.json()["error"]) == {"title", "detail", "remedy", "status"}

        ask()
    assert asked > 100


@pytest.mark.parametrize(
    "address",
    [
        "/corridor/MEX-USA.json",
        "/country/PHL.json",
        "/tables.json",
        "/health",
        "/search.json?q=an",
        "/why/migrant_flow.json?origin=MEX&destination=USA&period_start=2010",
        "/why/remittance_flow.json?sending=USA&receiving=MEX&year=2020",
    ],
)
def test_real_answers_have_the_documented_shape(atlas_folder: Path, address: str) -> None:
    from fastapi.testclient import TestClient

    from corridors.publish.api import models

    shapes = {
        "corridor": models.CorridorAnswer,
        "country": models.CountryAnswer,
        "tables.json": models.TablesAnswer,
        "health": models.HealthAnswer,
        "search.json": models.SearchAnswer,
        "why": models.ExplanationAnswer,
    }
    with TestClient(create_app(atlas_folder, None)) as client:
        content = client.get(address).content
    shapes[address.split("?", maxsplit=1)[0].split("/")[1]].model_validate_json(content)


def test_rows_of_every_table_have_the_documented_shape(atlas_folder: Path) -> None:
    from fastapi.testclient import TestClient

    from corridors.atlas.schema import atlas_schema
    from corridors.publish.api.models import table_answer

    with TestClient(create_app(atlas_folder, None)) as client:
        for words in client.get("/tables.json").json()["tables"]:
            content = client.get(f"/table/{words['table']}.json?limit=300").content
            table_answer(atlas_schema()[words["table"]]).model_validate_json(content)
