"""A good table for every door."""

from __future__ import annotations

from itertools import product
from typing import Any

from awkward.files import Good


def _table(text: str, *, always: dict[str, str] | None = None, **holds: Any) -> Good:
    """A table from lines of fields with semicolons or bars between; some columns hold always the same."""
    more = always or {}
    columns, *rows = [line.split("|" if "|" in text else ";") for line in text.strip().splitlines()]
    return Good([*columns, *more], [[*row, *more.values()] for row in rows], **holds)


REMITTANCES = _table(
    """
country;year;received;paid
PHL;2021;36685.9;204.25
PHL;2022;38049.25;188.5
KEN;2021;3770.4;83.75
KEN;2022;4092.75;
MEX;2021;54130.5;1104.8
MEX;2022;61101.6;1250.4
""",
    known=["country"],
    years=["year"],
    numbers=["received", "paid"],
    blank=["received", "paid"],
    signed=[],
    key=["country", "year"],
    suffixes=(".csv", ".xlsx", ".csv.gz"),
)
DISPLACEMENT = _table(
    """
origin;asylum;year;refugees;asylum_seekers
SYR;DEU;2019;572818;61304
AFG;DEU;2019;139550;42017
SYR;DEU;2020;605347;7012
AFG;DEU;2020;147994;38911
SYR;KEN;2020;1412;310
""",
    known=["origin", "asylum"],
    years=["year"],
    whole=["refugees", "asylum_seekers"],
    blank=["refugees", "asylum_seekers"],
    key=["origin", "asylum", "year"],
    suffixes=(".csv", ".xlsx", ".csv.gz"),
)
TREATY = _table(
    """
treaty;country;state_party_since
crc;KEN;1990
crc;MEX;1991
icrmw;MEX;1999
icrmw;PHL;1995
""",
    known=["country"],
    years=["state_party_since"],
    key=["treaty", "country"],
)

STOCKS = _table(
    """
origin;destination;year;value
Ardénia;Borland;2010;1200
Ardénia;Borland;2015;1525
Ardénia;Cassia;2010;310
Ardénia;Cassia;2015;421
Borland;Ardénia;2010;812
Borland;Ardénia;2015;764
Borland;Cassia;2010;1150
Borland;Cassia;2015;1213
Cassia;Ardénia;2010;91
Cassia;Ardénia;2015;133
Cassia;Borland;2010;644
Cassia;Borland;2015;702
""",
    free=["origin", "destination"],
    years=["year"],
    numbers=["value"],
    key=["origin", "destination", "year"],
    suffixes=(".csv", ".xlsx", ".csv.gz"),
)
PEOPLE = _table(
    """
country;year;population;births;deaths
Ardénia;2010;20125;404;203
Ardénia;2011;20228;404;203
Ardénia;2012;20331;404;203
Ardénia;2013;20434;404;203
Ardénia;2014;20537;404;203
Ardénia;2015;20640;404;203
Borland;2010;30250;611;309
Borland;2011;30353;611;309
Borland;2012;30456;611;309
Borland;2013;30559;611;309
Borland;2014;30662;611;309
Borland;2015;30765;611;309
Cassia;2010;12480;251;128
Cassia;2011;12583;251;128
Cassia;2012;12686;251;128
Cassia;2013;12789;251;128
Cassia;2014;12892;251;128
Cassia;2015;12995;251;128
""",
    free=["country"],
    years=["year"],
    numbers=["population", "births", "deaths"],
    key=["country", "year"],
)


WORKERS = _table(
    """
cost;earnings;weight;group
4150.5;512.25;1.5;men
1075.25;433.5;2;women
2310.75;390.5;1.25;men
0;301;1;women
""",
    numbers=["cost", "earnings", "weight"],
    blank=["cost", "earnings", "weight"],
)
ANSWERS = Good(
    ["place", "domain", "subcategory", "score"],
    [
        [place, *part, score]
        for place, score in (("KEN", "1"), ("MEX", "0"))
        for part in product("123456", "abcde")
    ],
    free=["place"],
    key=["place", "domain", "subcategory"],
)
INCIDENTS = _table(
    """
incident;year;route;dead;missing
a1;2019;Central;3;12
a2;2019;Western;1022;1
a3;2020;Central;5;4
a4;2020;Western;11;7
""",
    years=["year"],
    whole=["dead", "missing"],
    blank=["dead", "missing"],
    signed=["dead", "missing"],
    key=["incident"],
    needed=["year", "route"],
)
COUNTS = _table(
    """
place;year;refugees;population
Ardénia;2019;25122;750345
Ardénia;2020;26007;751200
Borland;2019;1200;912455
Borland;2020;1317;915004
Cassia;2019;70311;2004150
Cassia;2020;70902;2010377
""",
    free=["place"],
    years=["year"],
    numbers=["refugees", "population"],
    key=["place", "year"],
    needed=["place"],
)
COSTS = _table(
    """
sending;receiving;year;cost_pct
USA;MEX;2020;4.25
USA;PHL;2020;5.75
DEU;KEN;2020;7.5
DEU;PHL;2020;3.25
""",
    free=["sending", "receiving"],
    years=["year"],
    numbers=["cost_pct"],
    signed=["cost_pct"],
    key=["sending", "receiving", "year"],
    rates=True,
    needed=["sending", "receiving"],
)
OBSERVATIONS = _table(
    """
indicator;place;year;value
remittance_cost;KEN;2018;9.25
remittance_cost;KEN;2020;7.5
remittance_cost;MEX;2018;5.25
remittance_cost;MEX;2020;4.75
""",
    known=["place"],
    years=["year"],
    numbers=["value"],
    blank=["value"],
    signed=["value"],
    key=["indicator", "place", "year"],
    world=True,
)
AGREEMENTS = _table(
    """
agreement;party_a;party_b;year;wage_protection
1;KEN;DEU;2011;1
2;PHL;DEU;2013;0
3;MEX;PHL;2015;1
""",
    known=["party_a", "party_b"],
    years=["year"],
    key=["agreement"],
)
_PROMISE = {"kind": "commitment", "actor": "Kenya", "document": "Made-up plan", "concern": "remittances",
            "indicator": "remittance_cost", "direction": "at-most", "target_date": "2022-12-31",
            "transitions": "stated:2015-01-01:Made-up plan"}  # fmt: skip
REGISTER = _table(
    """
id;title;text;place;baseline_year;baseline_value;target_value
a-1;Cost 1;The cost of sending will fall;KEN;2015;9.25;5.5
a-2;Cost 2;The cost of sending will fall;MEX;2016;1250.75;4.25
a-3;Cost 3;The cost of sending will fall;PHL;2015;7.5;5.5
""",
    always=_PROMISE,
    known=["place"],
    years=["baseline_year"],
    numbers=["baseline_value", "target_value"],
    blank=["baseline_value", "target_value"],
    signed=["baseline_value", "target_value"],
    texts=["text"],
    key=["id"],
    needed=["title", "actor", "document"],
    world=True,
    separators=",;\t",
)
PROJECTS = _table(
    """
Year|DonorName|RecipientName|PurposeCode|FlowName|ProjectTitle|ShortDescription|LongDescription|USD_Commitment|USD_Disbursement|USD_Commitment_Defl|USD_Disbursement_Defl
2021|Germany|Kenya|15190|ODA Grants|Hub|Migration|x|1.25|2.5|1.25|2.5
2021|France|Mali|15190|ODA Grants|School|y|z|1.5|5.25|1.5|5.25
2021|Italy|Mali|15190|ODA Grants|Return|help|x|1.75|7.5|1.75|7.5
2021|Spain|Mali|15190|ODA Grants|Plain|a|b|1100.5|1111.25|1100.5|1111.25
""",
    numbers=["USD_Disbursement_Defl"],
    years=["Year"],
    blank=["USD_Disbursement_Defl"],
    signed=["USD_Disbursement_Defl"],
    texts=["ShortDescription", "LongDescription"],
    suffixes=(".txt", ".csv"),
    separators="|,;\t",
)
LABELLED = _table(
    """
project_title;short_description;relevant
Fair recruitment of migrants;x;1
Roads;y;0
Lower cost of remittances;z;1
""",
    texts=["short_description"],
)
GUIDED = _table(
    """
block;item;question;column
pay;bank;Paid by bank?;wage_protection
pay;limit;Is there a limit?;quota
pay;home;Is there a home?;housing_provided
""",
    texts=["question"],
    key=["item"],
)
TIES = _table(
    """
origin;destination;distance_km;contiguous;common_language;colonial_tie
KEN;DEU;6350.5;0;0;0
KEN;MEX;14900.25;0;0;0
DEU;MEX;9500.75;0;0;1
""",
    free=["origin", "destination"],
    numbers=["distance_km"],
    blank=["distance_km"],
    key=["origin", "destination"],
)
MOVES = _table(
    """
origin;destination;value
KEN;DEU;635.5
KEN;MEX;14.25
DEU;MEX;9500.75
MEX;DEU;1504.5
""",
    free=["origin", "destination"],
    numbers=["value"],
    key=["origin", "destination"],
)
MISSING = _table(
    """
Main ID;Incident ID;Incident year;Number of Dead;Minimum Estimated Number of Missing;Coordinates
1;1;2021;3;2;35.1, 12.2
2;2;2021;1;1;35.1, 12.2
3;3;2021;1022;11;35.1, 12.2
4;4;2021;5;17;35.1, 12.2
""",
    always={"Region of Incident": "Mediterranean", "Migration Route": "Central"},
    years=["Incident year"],
    whole=["Number of Dead", "Minimum Estimated Number of Missing"],
    blank=["Number of Dead", "Minimum Estimated Number of Missing"],
    signed=["Number of Dead", "Minimum Estimated Number of Missing"],
    never=["a row that begins one cell late", "a row with too few cells", "bytes that are no text"],
    suffixes=(".csv",),
    separators=",",
)
