-- Functions that the queries of indicators use. They stay in the atlas, so that any stored
-- query can be run again.

-- Half the width of an interval of the level that the parameter interval_level gives, in standard errors
-- of a normal distribution, and its square: the build fills them in.
CREATE MACRO interval_z() AS {z};
CREATE MACRO interval_z2() AS {z2};

-- Ends of that interval of a share, k of n (Wilson 1927), clipped where rounding leaves [0, 1].
CREATE MACRO wilson_centre(k, n) AS (k + interval_z2() / 2) / (n + interval_z2());
CREATE MACRO wilson_half(k, n) AS
    interval_z() / (n + interval_z2()) * sqrt(k * (n - k) / n + interval_z2() / 4);
CREATE MACRO wilson_lower(k, n) AS least(k / n, greatest(0, wilson_centre(k, n) - wilson_half(k, n)));
CREATE MACRO wilson_upper(k, n) AS greatest(k / n, least(1, wilson_centre(k, n) + wilson_half(k, n)));

-- Ends of that interval of the mean behind k events that came independently (Wilson and Hilferty 1931).
CREATE MACRO poisson_lower(k) AS
    if(k > 0, greatest(0, k * pow(1 - 1 / (9 * k) - interval_z() / (3 * sqrt(k)), 3)), 0);
CREATE MACRO poisson_upper(k) AS (k + 1) * pow(1 - 1 / (9 * (k + 1)) + interval_z() / (3 * sqrt(k + 1)), 3);
