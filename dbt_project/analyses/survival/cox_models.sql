-- Which factors go with shorter survival, each alone and in one model?
-- The reference level of a factor has no ratio; null in the model: the factor is not in it.
-- Gives: factor, level, patients, deaths, hazard_ratio, ci_low, ci_high, p, model_hazard_ratio, model_ci_low, model_ci_high, model_p
select
    u.label as factor,
    u.level,
    u.n_level as patients,
    u.events_level as deaths,
    round(u.hazard_ratio, 2) as hazard_ratio,
    round(u.ci_low, 2) as ci_low,
    round(u.ci_high, 2) as ci_high,
    round(u.p, 3) as p,
    round(m.hazard_ratio, 2) as model_hazard_ratio,
    round(m.ci_low, 2) as model_ci_low,
    round(m.ci_high, 2) as model_ci_high,
    round(m.p, 3) as model_p
from results.cox_univariable u
left join results.cox_multivariable m
    on m.factor = u.factor and m.level is not distinct from u.level
order by u.factor_position, u.level_position
