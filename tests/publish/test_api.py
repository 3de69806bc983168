"""The API: forms, paging, errors, headers, limits, and that it says what the library says."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

import corridors as co
from conftest import ROOT
from corridors.publish.api import create_app
from corridors.publish.api.cache import Cache, Rendered
from corridors.publish.api.http import LONGEST_ADDRESS
from corridors.publish.api.table_pages import MOST_ROWS


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    (folder / "assets").mkdir()
    (folder / "assets" / "index-abc.js").write_text("export {}\n")
    (folder / "index.html").write_text('<!doctype html><head><base href="./" /></head><body>pages</body>')
    return folder


@pytest.fixture(scope="module")
def client(atlas_folder: Path, web: Path) -> Iterator[TestClient]:
    with TestClient(create_app(atlas_folder, web), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def rows() -> dict[str, str]:
    return {"origin": "MEX", "destination": "USA"}


def error_of(answer: object) -> dict[str, object]:
    content = answer.json()  # type: ignore[attr-defined]
    assert set(content) == {"error"}
    assert set(content["error"]) == {"title", "detail", "remedy", "status"}
    assert content["error"]["status"] == answer.status_code  # type: ignore[attr-defined]
    assert content["error"]["title"]
    return content["error"]


def test_a_corridor_in_three_forms(client: TestClient, atlas: co.Atlas) -> None:
    known = atlas.corridor("MEX", "USA")
    page, as_json, as_csv = (client.get(f"/corridor/MEX-USA{form}") for form in ("", ".json", ".csv"))
    assert b'<base href="../">' in page.content
    content = as_json.json()
    assert content["title"] == known.title
    assert content["facts"] == known.facts.to_dicts()
    assert as_csv.text == known.facts.write_csv()
    assert client.get("/corridor/Mexico-united%20states.json").json() == content


@pytest.mark.parametrize("pair", ["SRB-DEU", "RUS-SRB", "SSD-UGA", "JEY-GBR", "CUW-NLD", "AFG-IRN"])
def test_corridors_of_territories_that_changed(client: TestClient, atlas: co.Atlas, pair: str) -> None:
    known = atlas.corridor(*pair.split("-"))
    assert client.get(f"/corridor/{pair}.csv").text == known.facts.write_csv()
    assert client.get(f"/corridor/{pair}.json").json()["notes"] == [*known.counted, *known.notes]


def test_a_country_in_three_forms(client: TestClient, atlas: co.Atlas) -> None:
    known = atlas.country("PHL")
    assert b'<base href="../">' in client.get("/country/PHL").content
    content = client.get("/country/PHL.json").json()
    assert content["notes"] == [*known.counted, *known.notes]
    assert content["facts"] == known.facts.to_dicts()
    assert client.get("/country/Philippines.csv").text == known.facts.write_csv()


def test_a_name_with_hyphens_is_understood(client: TestClient) -> None:
    title = client.get("/corridor/Guinea-Bissau-Portugal.json").json()["title"]
    assert title == "Guinea-Bissau (GNB) → Portugal (PRT)"


def test_pages_of_a_table_join_to_the_whole(client: TestClient, atlas: co.Atlas) -> None:
    whole = atlas.table("remittance_total", where="country IN ('MEX', 'PHL') AND year >= 2010")
    address, parts = "remittance_total.json?country=MEX&country=PHL&year.min=2010&limit=7", []
    while address:
        answer = client.get(f"/table/{address}")
        assert answer.json()["total"] == whole.height == int(answer.headers["X-Total-Count"])
        parts += answer.json()["rows"]
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        address = following.group(1) if following else ""
    assert parts == whole.to_dicts()


def test_the_link_back(client: TestClient) -> None:
    link = client.get("/table/treaty.csv?limit=10&offset=15&treaty=cat").headers["link"]
    assert '<treaty.csv?treaty=cat&limit=10&offset=5>; rel="prev"' in link
    assert '<treaty.csv?treaty=cat&limit=10&offset=25>; rel="next"' in link
    assert "link" not in client.get("/table/territory.csv").headers


def test_csv_and_json_of_a_table_agree(client: TestClient) -> None:
    query = "?origin=MEX&year=2020&sex=total"
    from_json = client.get(f"/table/migrant_stock.json{query}").json()["rows"]
    from_csv = pl.read_csv(io.StringIO(client.get(f"/table/migrant_stock.csv{query}").text)).to_dicts()
    assert from_csv == from_json
    assert from_json


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nothing", 404, "nothing at /nothing"),
        ("/table/migrant_stok.json", 404, "no table 'migrant_stok'"),
        ("/table/treaty.xml", 404, "json and csv"),
        ("/table/corridor_fact.json", 404, "no table"),
        ("/table/treaty.json?where=1", 422, "can not be filtered by 'where'"),
        ("/table/treaty.json?treaty.min=1", 422, "can not be filtered by 'treaty.min'"),
        ("/table/treaty.json?limit=10001", 422, "limit must be a whole number from 1 to 10,000"),
        ("/table/treaty.json?limit=-1", 422, "limit must be"),
        ("/table/treaty.json?limit=٣", 422, "limit must be"),
        ("/table/treaty.json?offset=x", 422, "offset must be"),
        ("/table/migrant_stock.json?year=two", 422, "year must be a whole number"),
        ("/table/migrant_stock.json?value=nan", 422, "value must be a number"),
        ("/table/labour_agreement.json?quota=maybe", 422, "quota must be 1, 0, true or false"),
        ("/corridor/MEX-XXX.json", 404, "no place is called 'XXX'"),
        ("/corridor/MEX-XXX", 404, "no place is called 'XXX'"),
        ("/corridor/MEX.json", 404, "'MEX' is no corridor"),
        ("/corridor/MEX-MEX.json", 422, "two different places"),
        ("/country/Atlantis", 404, "no place is called 'Atlantis'"),
        ("/why/treaty.json", 422, "is named by treaty, country"),
        ("/why/treaty.json?treaty=cat&treaty=cmw&country=PHL", 422, "one value a column"),
        ("/why/nix.json?x=1", 404, "no table 'nix'"),
        ("/why/migrant_stock.json?origin=MEX&destination=USA&year=1066", 404, "has no row"),
        ("/search.json", 422, "can not be read"),
        ("/search.json?q=a&limit=1000", 422, "can not be read"),
        ("/data/nix.json", 404, "no file data/nix.json"),
        ("/data/..%2f..%2fetc%2fpasswd", 404, ""),
        ("/assets/..%2findex.html", 404, ""),
        (f"/search.json?q={'x' * LONGEST_ADDRESS}", 414, "too long"),
        ("/table/treaty.json?" + "&".join(["treaty=cat"] * 60), 422, "too many parameters"),
    ],
)
def test_every_error_has_the_one_shape(client: TestClient, address: str, status: int, words: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    error = error_of(answer)
    assert words in str(error["title"])
    assert "content-security-policy" in answer.headers
    assert "etag" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    for address in ("/corridor/MEX-USA.json", "/table/treaty.json", "/data/atlas.json"):
        answer = client.request(method, address)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        error_of(answer)


def test_a_failure_of_the_server_has_the_one_shape(atlas_folder: Path) -> None:
    app = create_app(atlas_folder, None)

    def broken() -> None:
        raise RuntimeError("secret")

    app.router.routes.insert(0, app.router.routes.pop(app.router.routes.index(_route(app, broken))))
    with TestClient(app, raise_server_exceptions=False) as opened:
        answer = opened.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    error_of(answer)


def _route(app: object, endpoint: object) -> object:
    app.add_api_route("/broken", endpoint)  # type: ignore[attr-defined]
    return app.router.routes[-1]  # type: ignore[attr-defined]


def test_no_sql_gets_in(client: TestClient) -> None:
    answer = client.get("/table/treaty.json", params={"treaty": "x' OR true --"})
    assert answer.json()["total"] == 0


def test_etag_and_304(client: TestClient) -> None:
    first = client.get("/country/PHL.json")
    assert first.headers["cache-control"] == "no-cache"
    mark = first.headers["etag"]
    assert mark.startswith('"')
    again = client.get("/country/PHL.json", headers={"If-None-Match": f'"other", W/{mark}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == mark
    assert client.get("/country/PHL.json", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/country/MEX.json").headers["etag"] != mark
    assert client.get("/country/PHL.json?x=1").headers["etag"] != mark
    assert client.get("/country/Nix.json", headers={"If-None-Match": "*"}).status_code == 404


def test_gzip_only_for_those_who_accept_it(client: TestClient) -> None:
    with client.stream("GET", "/tables.json", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    for refusing in ("identity", "gzip;q=0"):
        plain = client.get("/tables.json", headers={"Accept-Encoding": refusing})
        assert "content-encoding" not in plain.headers
        assert gzip.decompress(packed) == plain.content
        assert plain.headers["etag"] != answer.headers["etag"]


def test_head_is_get_without_a_body(client: TestClient) -> None:
    for address in ("/corridor/MEX-USA.csv", "/nothing", "/data/pair/migrant_stock/total/2020.parquet"):
        got, head = client.get(address), client.head(address)
        assert head.content == b""
        assert (head.status_code, dict(head.headers)) == (got.status_code, dict(got.headers))


def test_security_headers(client: TestClient) -> None:
    for address in ("/", "/health", "/nothing", "/assets/index-abc.js"):
        headers = client.get(address).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in headers["permissions-policy"]
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'self'" in policy
    assert "frame-ancestors *" in client.get("/?v=1&embed=1").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in client.get("/?embed=11").headers["content-security-policy"]


def test_only_names_of_this_machine_are_answered(atlas_folder: Path) -> None:
    app = create_app(atlas_folder, None, hosts=["127.0.0.1", "[::1]"])
    with TestClient(app, base_url="http://127.0.0.1:8000") as opened:
        assert opened.get("/health").status_code == 200
        refused = opened.get("/health", headers={"Host": "elsewhere.example"})
        assert refused.status_code == 400
        error_of(refused)
        assert opened.get("/health", headers={"Host": "[::1]:8000"}).status_code == 200


def test_pages_and_assets(client: TestClient) -> None:
    assert b'<base href="./">' in client.get("/?v=1&view=world").content
    assert b'<base href="./">' in client.get("/claims").content
    script = client.get("/assets/index-abc.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]


def test_without_pages_the_api_works_and_says_how_to_build(atlas_folder: Path, tmp_path: Path) -> None:
    with TestClient(create_app(atlas_folder, tmp_path)) as opened:
        assert "npm run build" in opened.get("/").text
        assert opened.get("/health").json()["status"] == "ok"


def test_data_are_the_bytes_of_the_export(client: TestClient, atlas: co.Atlas) -> None:
    from corridors.publish.site import site_files

    files = site_files(atlas)
    for path in ("data/pair/migrant_flow/pseudo-bayes/total/2015.parquet", "data/corridor/MEX.parquet",
                 "data/profile/PHL.json", "data/sources.json"):  # fmt: skip
        assert client.get(f"/{path}").content == files[path](atlas)
    served, exported = client.get("/data/atlas.json").json(), json.loads(files["data/atlas.json"](atlas))
    assert (served.pop("api"), exported.pop("api")) == (True, False)
    assert served == exported


def test_why_is_the_explanation_of_the_library(client: TestClient, atlas: co.Atlas) -> None:
    answer = client.get("/why/migrant_flow.json?origin=Mexico&destination=USA&period_start=2010").json()
    known = atlas.why("migrant_flow", "MEX", "USA", "2010")
    assert answer["figure"]["value"] == known.figure["value"]
    assert answer == json.loads(json.dumps(known.to_dict()))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("MEX", "MEX"),
        ("mex", "MEX"),
        ("Filipinas", "PHL"),
        ("côte", "CIV"),
        ("Україна", "UKR"),
        ("الفلبين", "PHL"),
        ("Philipines", "PHL"),
        ("united king", "GBR"),
    ],
)
def test_search_by_any_name(client: TestClient, query: str, code: str) -> None:
    results = client.get("/search.json", params={"q": query}).json()["results"]
    assert code in [hit["code"] for hit in results[:3]]


def test_search_for_nothing_known(client: TestClient) -> None:
    assert client.get("/search.json?q=%25%25%25").json()["results"] == []
    assert client.get("/search.json?q=qqqqqqqqqq").json()["results"] == []


def test_tables_are_listed_with_the_words_of_the_dictionary(client: TestClient, atlas: co.Atlas) -> None:
    listed = {t["table"]: t for t in client.get("/tables.json").json()["tables"]}
    assert listed["migrant_stock"]["rows"] == atlas.table("migrant_stock").height
    description = atlas.sql(
        "SELECT description FROM dictionary WHERE table_name = 'migrant_stock' AND column_name = 'value'"
    ).item()
    assert (
        next(c for c in listed["migrant_stock"]["columns"] if c["name"] == "value")["description"]
        == description
    )


def test_claims_are_the_table_or_an_error_that_says_why(client: TestClient, atlas: co.Atlas) -> None:
    for plural, table in (("claims", "claim"), ("commitments", "commitment")):
        answer = client.get(f"/{plural}.json")
        if table in atlas.tables():
            assert answer.json() == client.get(f"/table/{table}.json").json()
        else:
            assert "build it again" in str(error_of(answer)["remedy"])


def test_the_description_is_whole(client: TestClient) -> None:
    openapi = client.get("/openapi.json").json()
    assert openapi["openapi"].startswith("3.")
    names = [
        operation["operationId"] for methods in openapi["paths"].values() for operation in methods.values()
    ]
    assert len(names) == len(set(names))
    page = client.get("/api")
    for path, methods in openapi["paths"].items():
        assert f"<code>{path}</code>" in page.text
        for method, operation in methods.items():
            assert method == "get"
            assert operation["summary"]
            assert all(p.get("description") or p["in"] == "path" for p in operation.get("parameters", []))
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert not re.search(r'(src|href)="(https?:)?//', page.text)
    fields = openapi["components"]["schemas"]["MigrantFlowRow"]["properties"]
    assert fields["value"]["description"].startswith("Estimated transitions in the period")
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def test_every_address_in_the_documentation_of_the_web_is_answered(client: TestClient) -> None:
    text = (ROOT / "docs" / "how-to" / "web.md").read_text("utf-8")
    addresses = sorted(set(re.findall(r"http://127\.0\.0\.1:8000(/[^\s'\"`)]*)", text)))
    assert len(addresses) >= 8
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_many_threads_at_once_get_the_same(client: TestClient) -> None:
    from concurrent.futures import ThreadPoolExecutor

    pairs = ["MEX-USA", "PHL-SAU", "IND-ARE", "POL-DEU", "TUR-DEU", "MAR-FRA"]
    single = [client.get(f"/corridor/{pair}.csv?n=0").text for pair in pairs]
    addresses = [f"/corridor/{pair}.csv?n={n}" for n in range(1, 4) for pair in pairs]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda a: client.get(a).text, addresses)) == single * 3


def test_the_cache_keeps_to_its_room() -> None:
    cache = Cache(100)
    for number in range(50):
        cache.put(str(number % 20), Rendered((), b"x" * 10, False, ""))
    assert sum(cache.get(str(n)) is not None for n in range(20)) == 10


def test_no_answer_is_longer_than_the_limit(client: TestClient) -> None:
    answer = client.get(f"/table/migrant_flow.csv?limit={MOST_ROWS}")
    assert answer.text.count("\n") == MOST_ROWS + 1
