-- Present-day codes whose figures a unit of a period contains, the unit itself included.
CREATE MACRO members(of_unit, in_period) AS TABLE
    SELECT of_unit AS code
    UNION
    SELECT member FROM territory
    WHERE unit = of_unit AND in_period >= first_period AND in_period <= coalesce(last_period, 9999);

-- Every figure about a corridor, one row each. Money runs against people: it is sent
-- from where migrants live (destination) to where they came from (origin).
CREATE VIEW corridor_fact AS
    SELECT origin, destination, 'migrant_stock' AS measure, 'born in origin, living in destination' AS detail, sex, year, year::VARCHAR AS period,
           value, NULL::DOUBLE AS lower, NULL::DOUBLE AS upper, 'persons' AS unit, 'migrant_stock' AS table_name
    FROM migrant_stock
    UNION ALL
    SELECT origin, destination, 'migrant_flow',
           method || if(kind = 'total', '', ', ' || kind), sex, period_start, period_start || '–' || period_end, value, lower, upper, 'persons in the period', 'migrant_flow'
    FROM migrant_flow
    UNION ALL
    SELECT origin, destination, 'annual_flow', 'pseudo-bayes, by year', 'total', year, year || '/' || right((year + 1)::VARCHAR, 2),
           value, NULL, NULL, 'persons in the year', 'annual_flow'
    FROM annual_flow
    UNION ALL
    SELECT receiving, sending, 'remittance_price', 'cost of sending USD 200', 'total', left(quarter, 4)::INT, quarter,
           cost_usd200_pct, NULL, NULL, '% of the amount', 'remittance_price'
    FROM remittance_price
    UNION ALL
    SELECT receiving, sending, 'remittance_flow', rule, 'total', year, year::VARCHAR, value, lower, upper, 'USD million', 'remittance_flow'
    FROM remittance_flow
    UNION ALL
    SELECT origin, asylum, 'displaced', 'refugees', 'total', year, year::VARCHAR, refugees, NULL, NULL, 'persons', 'displacement'
    FROM displacement
    UNION ALL
    SELECT origin, asylum, 'displaced', 'asylum seekers', 'total', year, year::VARCHAR, asylum_seekers, NULL, NULL, 'persons', 'displacement'
    FROM displacement
    UNION ALL
    SELECT pair.a, pair.b, 'labour_agreement', 'agreements signed', 'total', year, year::VARCHAR, count(*), NULL, NULL, 'agreements', 'labour_agreement'
    FROM (SELECT year, unnest([{a: party_a, b: party_b}, {a: party_b, b: party_a}]) AS pair FROM labour_agreement)
    GROUP BY pair.a, pair.b, year
    UNION ALL
    SELECT pair.a, pair.b, 'distance', 'between main cities', 'total', NULL, '', distance_km, NULL, NULL, 'km', 'proximity'
    FROM (SELECT distance_km, unnest([{a: origin, b: destination}, {a: destination, b: origin}]) AS pair FROM proximity);

-- Every figure about a country, one row each.
CREATE VIEW country_fact AS
    SELECT country, 'population' AS measure, 'at mid-year' AS detail, 'total' AS sex, year, year::VARCHAR AS period, population::DOUBLE AS value,
           NULL::DOUBLE AS lower, NULL::DOUBLE AS upper, 'persons' AS unit, 'population' AS table_name
    FROM population
    UNION ALL
    SELECT destination, 'migrant_stock', 'immigrants living here', sex, year, year::VARCHAR, sum(value), NULL, NULL, 'persons', 'migrant_stock'
    FROM migrant_stock GROUP BY destination, sex, year
    UNION ALL
    SELECT origin, 'migrant_stock', 'emigrants living abroad', sex, year, year::VARCHAR, sum(value), NULL, NULL, 'persons', 'migrant_stock'
    FROM migrant_stock GROUP BY origin, sex, year
    UNION ALL
    SELECT country, 'migrant_flow', 'arrivals, ' || method, sex, period_start, period_start || '–' || period_end, arrivals, NULL, NULL, 'persons in the period', 'net_migration'
    FROM net_migration
    UNION ALL
    SELECT country, 'migrant_flow', 'departures, ' || method, sex, period_start, period_start || '–' || period_end, departures, NULL, NULL, 'persons in the period', 'net_migration'
    FROM net_migration
    UNION ALL
    SELECT country, 'net_migration', 'population change less births plus deaths', sex, period_start, period_start || '–' || period_end, identity, NULL, NULL, 'persons in the period', 'net_migration'
    FROM net_migration WHERE method = 'pseudo-bayes'
    UNION ALL
    SELECT country, 'projection', 'net migration, projected', 'total', year, year::VARCHAR, value, lower, upper, 'persons', 'net_migration_projection'
    FROM net_migration_projection
    UNION ALL
    SELECT country, 'remittance_total', 'received', 'total', year, year::VARCHAR, received, NULL, NULL, 'USD million', 'remittance_total'
    FROM remittance_total WHERE received IS NOT NULL
    UNION ALL
    SELECT country, 'remittance_total', 'paid', 'total', year, year::VARCHAR, paid, NULL, NULL, 'USD million', 'remittance_total'
    FROM remittance_total WHERE paid IS NOT NULL
    UNION ALL
    SELECT country, 'economy', 'gross domestic product per head', 'total', year, year::VARCHAR, gdp_per_capita_usd, NULL, NULL, 'USD', 'economy'
    FROM economy WHERE gdp_per_capita_usd IS NOT NULL
    UNION ALL
    SELECT receiving, 'remittance_price', 'mean cost of receiving USD 200', 'total', left(quarter, 4)::INT, quarter, avg(cost_usd200_pct), NULL, NULL, '% of the amount, mean of surveyed corridors', 'remittance_price'
    FROM remittance_price GROUP BY receiving, quarter
    UNION ALL
    SELECT sending, 'remittance_price', 'mean cost of sending USD 200', 'total', left(quarter, 4)::INT, quarter, avg(cost_usd200_pct), NULL, NULL, '% of the amount, mean of surveyed corridors', 'remittance_price'
    FROM remittance_price GROUP BY sending, quarter
    UNION ALL
    SELECT asylum, 'displaced', 'refugees living here', 'total', year, year::VARCHAR, sum(refugees), NULL, NULL, 'persons', 'displacement'
    FROM displacement GROUP BY asylum, year
    UNION ALL
    SELECT origin, 'displaced', 'refugees from here', 'total', year, year::VARCHAR, sum(refugees), NULL, NULL, 'persons', 'displacement'
    FROM displacement GROUP BY origin, year
    UNION ALL
    SELECT country, 'health_workforce', 'physicians', 'total', physicians_per_10000_year, physicians_per_10000_year::VARCHAR, physicians_per_10000, NULL, NULL, 'per 10,000 people', 'health_workforce'
    FROM health_workforce WHERE physicians_per_10000 IS NOT NULL
    UNION ALL
    SELECT country, 'health_workforce', 'nurses and midwives', 'total', nurses_midwives_per_10000_year, nurses_midwives_per_10000_year::VARCHAR, nurses_midwives_per_10000, NULL, NULL, 'per 10,000 people', 'health_workforce'
    FROM health_workforce WHERE nurses_midwives_per_10000 IS NOT NULL
    UNION ALL
    SELECT country, 'welfare', 'Gini coefficient, with remittances', 'total', year, year::VARCHAR, with_remittances, with_low, with_high, 'share', 'welfare'
    FROM welfare WHERE measure = 'gini' AND line = 2.15
    UNION ALL
    SELECT country, 'welfare', 'poor below USD ' || line || ', with remittances', 'total', year, year::VARCHAR, with_remittances, with_low, with_high, 'share', 'welfare'
    FROM welfare WHERE measure = 'headcount'
    UNION ALL
    SELECT country, 'welfare', 'poor below USD ' || line || ', without', 'total', year, year::VARCHAR, without_remittances, without_remittances_low, without_remittances_high, 'share', 'welfare'
    FROM welfare WHERE measure = 'headcount' AND without_remittances IS NOT NULL
    UNION ALL
    SELECT country, 'income_distribution', 'people below USD 2.15 a day (PPP 2017)', 'total', survey_year, survey_year::VARCHAR, headcount_ratio_215, NULL, NULL, '%', 'income_distribution'
    FROM income_distribution
    UNION ALL
    SELECT country, 'treaty', treaty, 'total', NULL, 'party since', state_party_since, NULL, NULL, 'year', 'treaty'
    FROM treaty
    UNION ALL
    SELECT country, 'labour_agreement', 'agreements signed', 'total', year, year::VARCHAR, count(*), NULL, NULL, 'agreements', 'labour_agreement'
    FROM (SELECT year, unnest([party_a, party_b]) AS country FROM labour_agreement) GROUP BY country, year;
