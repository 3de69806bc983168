-- Recorded remittances as sums, shares and comparisons take them. Two kinds of cells of the table are no
-- figures: a value carried forward from an earlier year, and an exact zero, which stands for not reported.
CREATE OR REPLACE VIEW remittance_recorded AS
    SELECT country, year, if(received > 0 AND carried_forward IS NOT TRUE, received, NULL) AS received,
           if(paid > 0, paid, NULL) AS paid
    FROM remittance_total;

-- Sums over countries, and how many they are of. Countries differ by year: what is compared with the year
-- before is the sum over those that have a figure in both (value_both, before_both). A sum is whole unless
-- countries that held more than 1 % of it a year before have no figure any more.
CREATE OR REPLACE VIEW remittance_sum AS
    WITH known AS (
        SELECT country, year, 'received' AS way, received AS value FROM remittance_recorded WHERE received IS NOT NULL
        UNION ALL
        SELECT country, year, 'paid', paid FROM remittance_recorded WHERE paid IS NOT NULL
    ), scoped AS (
        SELECT 'world' AS scope, * FROM known
        UNION ALL
        SELECT 'low and middle income', known.* FROM known JOIN income_class USING (country, year)
        WHERE income_group IN ('L', 'LM', 'UM')
    ), summed AS (
        SELECT this.scope, this.way, this.year, count(*) AS countries, sum(this.value) AS value,
               count(before.value) AS countries_both, sum(this.value) FILTER (before.value IS NOT NULL) AS value_both,
               sum(before.value) AS before_both
        FROM scoped AS this LEFT JOIN known AS before
          ON before.way = this.way AND before.country = this.country AND before.year = this.year - 1
        GROUP BY ALL
    ), left_out AS (
        SELECT before.scope, before.way, before.year + 1 AS year,
               sum(before.value) FILTER (this.value IS NULL) / sum(before.value) AS share
        FROM scoped AS before LEFT JOIN known AS this
          ON this.way = before.way AND this.country = before.country AND this.year = before.year + 1
        GROUP BY ALL
    )
    SELECT summed.*, coalesce(share, 0) <= 0.01 AS whole
    FROM summed LEFT JOIN left_out USING (scope, way, year);
