-- Functions that the queries of indicators use. They stay in the atlas, so that any stored
-- query can be run again.

-- Ends of the 80 % interval of a share, k of n (Wilson 1927); 1.2815515655446004 is the 90th
-- percentile of the normal distribution. The interval is clipped where rounding leaves [0, 1].
CREATE MACRO wilson_centre(k, n) AS (k + 1.642374415149816 / 2) / (n + 1.642374415149816);
CREATE MACRO wilson_half(k, n) AS
    1.2815515655446004 / (n + 1.642374415149816) * sqrt(k * (n - k) / n + 1.642374415149816 / 4);
CREATE MACRO wilson_lower(k, n) AS least(k / n, greatest(0, wilson_centre(k, n) - wilson_half(k, n)));
CREATE MACRO wilson_upper(k, n) AS greatest(k / n, least(1, wilson_centre(k, n) + wilson_half(k, n)));
