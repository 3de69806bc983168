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
    SELECT receiving, sending, 'remittance_observed', publisher || ': ' || counts, 'total', year, period, value, NULL, NULL, 'USD million', 'remittance_observed'
    FROM remittance_observed WHERE value IS NOT NULL
    UNION ALL
    SELECT receiving, sending, 'remittance_observed', publisher || ': share of all of them', 'total', year, period, share_pct, NULL, NULL, '%', 'remittance_observed'
    FROM remittance_observed
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
    SELECT pair.a, pair.b, 'social_security_agreement', 'in force since', 'total', left(in_force, 4)::INT, in_force, left(in_force, 4)::INT, NULL, NULL, 'year, by the list of ' || as_of, 'social_security_agreement'
    FROM (SELECT in_force, as_of, unnest([{a: party_a, b: party_b}, {a: party_b, b: party_a}]) AS pair FROM social_security_agreement)
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
    FROM migrant_stock WHERE origin NOT IN (SELECT country FROM place WHERE kind = 'special') GROUP BY origin, sex, year
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
    SELECT country, 'projection_published', 'net migration that World Population Prospects assume', 'total', year, year::VARCHAR, net_migration, NULL, NULL, 'persons', 'population_projection'
    FROM population_projection
    UNION ALL
    SELECT country, 'population_projected', 'as of 1 July, medium variant', 'total', year, year::VARCHAR, population, lower, upper, 'persons', 'population_projection'
    FROM population_projection
    UNION ALL
    SELECT country, 'working_age', 'aged 20 to 64; after 2023 the medium variant', 'total', year, year::VARCHAR,
           100 * sum(female + male) FILTER (age IN ('20-39', '40-59', '60-64')) / sum(female + male), NULL, NULL, '% of the population', 'age_structure'
    FROM age_structure GROUP BY country, year
    UNION ALL
    SELECT place, 'migrant_share', 'immigrants among residents', 'total', year, year::VARCHAR, 100 * value, NULL, NULL, '% of the population', 'indicator'
    FROM indicator WHERE indicator = 'migrant_share' AND place <> 'WLD'
    UNION ALL
    SELECT country, 'remittance_total', 'received', 'total', year, year::VARCHAR, received, NULL, NULL, 'USD million', 'remittance_total'
    FROM remittance_recorded WHERE received IS NOT NULL
    UNION ALL
    SELECT country, 'remittance_total', 'paid', 'total', year, year::VARCHAR, paid, NULL, NULL, 'USD million', 'remittance_total'
    FROM remittance_recorded WHERE paid IS NOT NULL
    UNION ALL
    SELECT place, 'beside_remittances',
           CASE indicator WHEN 'aid_share_gdp' THEN 'official development assistance'
               WHEN 'investment_share_gdp' THEN 'foreign direct investment, net' ELSE 'remittances' END,
           'total', year, year::VARCHAR, 100 * value, NULL, NULL, '% of gross domestic product', 'indicator'
    FROM indicator
    WHERE indicator IN ('aid_share_gdp', 'investment_share_gdp', 'remittances_share_gdp') AND place <> 'WLD'
    UNION ALL
    SELECT country, 'aid_received', 'official development assistance, net', 'total', year, year::VARCHAR, oda_usd_million, NULL, NULL, 'USD million', 'aid_received'
    FROM aid_received WHERE oda_usd_million IS NOT NULL
    UNION ALL
    SELECT country, 'foreign_investment', 'into the country, net', 'total', year, year::VARCHAR, inflow_usd_million, NULL, NULL, 'USD million', 'foreign_investment'
    FROM foreign_investment WHERE inflow_usd_million IS NOT NULL
    UNION ALL
    SELECT country, 'economy', 'gross domestic product per head', 'total', year, year::VARCHAR, gdp_per_capita_usd, NULL, NULL, 'USD', 'economy'
    FROM economy WHERE gdp_per_capita_usd IS NOT NULL
    UNION ALL
    SELECT receiving, 'remittance_price', 'mean cost of receiving USD 200', 'total', left(quarter, 4)::INT, quarter, avg(cost_usd200_pct), NULL, NULL, '% of the amount, mean over corridors', 'remittance_price'
    FROM remittance_price GROUP BY receiving, quarter
    UNION ALL
    SELECT sending, 'remittance_price', 'mean cost of sending USD 200', 'total', left(quarter, 4)::INT, quarter, avg(cost_usd200_pct), NULL, NULL, '% of the amount, mean over corridors', 'remittance_price'
    FROM remittance_price GROUP BY sending, quarter
    UNION ALL
    SELECT asylum, 'displaced', 'refugees and others in need of protection, living here', 'total', year, year::VARCHAR, sum(refugees), NULL, NULL, 'persons', 'displacement'
    FROM displacement GROUP BY asylum, year
    UNION ALL
    SELECT origin, 'displaced', 'refugees and others in need of protection, from here', 'total', year, year::VARCHAR, sum(refugees), NULL, NULL, 'persons', 'displacement'
    FROM displacement GROUP BY origin, year
    UNION ALL
    SELECT country, 'health_workforce', 'physicians', 'total', physicians_per_10000_year, physicians_per_10000_year::VARCHAR, physicians_per_10000, NULL, NULL, 'per 10,000 people', 'health_workforce'
    FROM health_workforce WHERE physicians_per_10000 IS NOT NULL
    UNION ALL
    SELECT country, 'health_workforce', 'nurses and midwives', 'total', nurses_midwives_per_10000_year, nurses_midwives_per_10000_year::VARCHAR, nurses_midwives_per_10000, NULL, NULL, 'per 10,000 people', 'health_workforce'
    FROM health_workforce WHERE nurses_midwives_per_10000 IS NOT NULL
    UNION ALL
    SELECT country, 'physician_density', 'physicians', 'total', year, year::VARCHAR, physicians_per_10000, NULL, NULL, 'per 10,000 people', 'physician_density'
    FROM physician_density
    UNION ALL
    SELECT destination, 'permanent_inflow',
           replace(category, '-', ' '), 'total', year, year::VARCHAR, persons, NULL, NULL, 'persons in the year; 0 is none, or not counted apart', 'permanent_inflow'
    FROM permanent_inflow
    UNION ALL
    SELECT destination, 'temporary_inflow',
           replace(category, '-', ' '), 'total', year, year::VARCHAR, persons, NULL, NULL, 'persons in the year; 0 is none, or not counted apart', 'temporary_inflow'
    FROM temporary_inflow
    UNION ALL
    SELECT destination, 'total_inflow', 'foreign population, as the country counts it', 'total', year, year::VARCHAR, persons, NULL, NULL, 'persons in the year', 'total_inflow'
    FROM total_inflow
    UNION ALL
    SELECT country, 'labour_participation', 'born abroad', 'total', year, year::VARCHAR, participation_foreign_born_pct, NULL, NULL, '% of people aged 15 to 64', 'labour_participation'
    FROM labour_participation WHERE participation_foreign_born_pct IS NOT NULL
    UNION ALL
    SELECT country, 'labour_participation', 'born in the country', 'total', year, year::VARCHAR, participation_native_born_pct, NULL, NULL, '% of people aged 15 to 64', 'labour_participation'
    FROM labour_participation WHERE participation_native_born_pct IS NOT NULL
    UNION ALL
    SELECT country, 'migrant_death', if(route = 'undefined', 'on no route the publisher names', route), 'total', year,
           if(year < (SELECT max(year) FROM migrant_death), year::VARCHAR, year || ' (to April)'),
           sum(dead_or_missing), NULL, NULL, 'persons dead or missing here', 'migrant_death'
    FROM migrant_death GROUP BY country, route, year
    UNION ALL
    SELECT country, 'migration_policy', if(domain = 'all', 'all domains together', replace(domain, '-', ' ')), 'total', year, year::VARCHAR,
           list_position(['requires-progress', 'partially-meets', 'meets', 'fully-meets'], category), NULL, NULL,
           '1 requires progress to 4 fully meets', 'migration_policy'
    FROM migration_policy
    UNION ALL
    SELECT country, 'income_class', 'low 1, lower middle 2, upper middle 3, high 4', 'total', year, year::VARCHAR,
           list_position(['L', 'LM', 'UM', 'H'], income_group), NULL, NULL, 'class of income of the World Bank', 'income_class'
    FROM income_class SEMI JOIN (SELECT country FROM place WHERE kind = 'country') USING (country)
    UNION ALL
    SELECT country, 'welfare', 'people below USD ' || line || ' a day, as surveyed', 'total', year, year::VARCHAR, with_remittances, with_low, with_high, '%', 'welfare'
    FROM welfare WHERE measure = 'headcount' AND with_remittances IS NOT NULL
    UNION ALL
    SELECT country, 'welfare', 'people below USD ' || line || ' a day, without remittances', 'total', year, year::VARCHAR, without_remittances, without_remittances_low, without_remittances_high, '%', 'welfare'
    FROM welfare WHERE measure = 'headcount' AND without_remittances IS NOT NULL
    UNION ALL
    SELECT country, 'income_distribution', 'Gini coefficient: 0 all equal, 1 one person has everything', 'total', survey_year, survey_year::VARCHAR, gini, NULL, NULL, 'coefficient', 'income_distribution'
    FROM income_distribution
    UNION ALL
    SELECT country, 'treaty', treaty, 'total', NULL, 'party since', state_party_since, NULL, NULL, 'year', 'treaty'
    FROM treaty
    UNION ALL
    SELECT country, 'domestic_workers_convention', 'ratified', 'total', left(ratified, 4)::INT, ratified, left(ratified, 4)::INT, NULL, NULL, 'year, by the list of ' || as_of, 'domestic_workers_convention'
    FROM domestic_workers_convention
    UNION ALL
    SELECT country, 'social_security_agreement', 'agreements with or of the United States in force', 'total', year, year::VARCHAR, agreements, NULL, NULL, 'agreements, by the list of ' || max(as_of) OVER (), 'social_security_agreement'
    FROM (SELECT country, left(in_force, 4)::INT AS year, max(as_of) AS as_of, sum(count(*)) OVER (PARTITION BY country ORDER BY left(in_force, 4)::INT) AS agreements
          FROM (SELECT in_force, as_of, unnest([party_a, party_b]) AS country FROM social_security_agreement) GROUP BY country, left(in_force, 4)::INT)
    UNION ALL
    SELECT country, 'labour_agreement', 'agreements signed', 'total', year, year::VARCHAR, count(*), NULL, NULL, 'agreements', 'labour_agreement'
    FROM (SELECT year, unnest([party_a, party_b]) AS country FROM labour_agreement) GROUP BY country, year;

-- What the model says beside what central banks count. They count less than balances of payments record, so the
-- observed share is set on the recorded inflow. A pair without a migrant stock has no model.
CREATE VIEW remittance_check AS
    SELECT o.sending, o.receiving, o.year, o.period, o.value AS observed, o.share_pct AS observed_share_pct,
           o.share_pct / 100 * r.received AS observed_on_recorded, f.value AS modelled, f.lower, f.upper,
           100 * f.value / r.received AS modelled_share_pct,
           f.value / nullif(o.share_pct / 100 * r.received, 0) AS ratio,
           o.share_pct / 100 * r.received BETWEEN f.lower AND f.upper AS inside,
           o.counts, o.publisher, o.read_in, o.caveat
    FROM remittance_observed AS o LEFT JOIN remittance_recorded AS r ON r.country = o.receiving AND r.year = o.year
    LEFT JOIN remittance_flow AS f
      ON f.sending = o.sending AND f.receiving = o.receiving AND f.year = o.year AND f.rule = 'reconciled'
    ORDER BY o.receiving, o.year, o.share_pct DESC, o.sending;
