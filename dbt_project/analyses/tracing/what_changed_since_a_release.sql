-- Which values of the cohort are others than in an earlier release?
-- The earlier release is attached as `earlier`: crlm query --earlier RELEASE, or in any client
-- attach '…/releases/RELEASE/registry.duckdb' as earlier (read_only). A patient who came or left differs in every variable.
-- Gives: patient_id, variable, before, now
with former as (
    unpivot (
        select patient_id, columns(* exclude (patient_id))::varchar
        from earlier.marts.survival_cohort
    )
    on columns(* exclude (patient_id)) into name variable value before
),
current as (
    unpivot (
        select patient_id, columns(* exclude (patient_id))::varchar
        from marts.survival_cohort
    )
    on columns(* exclude (patient_id)) into name variable value now
)
select patient_id, variable, former.before, current.now
from former
full join current using (patient_id, variable)
where former.before is distinct from current.now
order by patient_id, variable
