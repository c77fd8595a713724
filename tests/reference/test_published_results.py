"""What a night publishes equals what independent software makes of the same patients.

Independent are here: statsmodels' PHReg (Efron's ties, where the project uses lifelines), a plain
Newton iteration (Breslow's ties), a plain product-limit
estimate, and R's survival where it is installed.
"""

from __future__ import annotations

import json
import shutil
import subprocess

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml

import analysis
from analysis.plan import DEFAULT_PLAN, load_plan

# A night of the second takes as long as that of the first, which other tests read too.
REGISTRIES = ["example", pytest.param("msk", marks=pytest.mark.slow)]
DIGITS = 1e-8

R_SCRIPT = """
suppressMessages(library(survival))
cohort <- read.csv("cohort.csv", stringsAsFactors = FALSE, check.names = FALSE)
models <- readLines("models.txt")
out <- list()
for (ties in c("breslow", "efron")) for (i in seq_along(models)) {
  fit <- coxph(as.formula(paste("Surv(follow_up_days, died) ~", models[i])), cohort, ties = ties,
               control = coxph.control(eps = 1e-14, toler.chol = 1e-14, iter.max = 100))
  out[[length(out) + 1]] <- data.frame(ties = ties, model = i, coefficient = coef(fit),
                                       standard_error = sqrt(diag(vcov(fit))))
}
write.csv(do.call(rbind, out), "cox.csv", row.names = FALSE)
month <- 30.4375
fit <- survfit(Surv(follow_up_days, died) ~ 1, cohort, conf.type = "log")
land <- summary(fit, times = c(12, 36, 60) * month)
med <- summary(fit)$table
write.csv(data.frame(measure = c("median", "12", "36", "60"),
  estimate = c(med["median"] / month, land$surv),
  low = c(med["0.95LCL"] / month, land$lower), high = c(med["0.95UCL"] / month, land$upper)),
  "survival.csv", row.names = FALSE)
"""


class Published:
    """The cohort of a registry and its published results."""

    def __init__(self, registry) -> None:
        self.plan = load_plan(DEFAULT_PLAN)
        with registry.published() as con:
            self.cohort = con.execute("from marts.survival_cohort").df()
            self.univariable = con.execute("from results.cox_univariable").df()
            self.multivariable = con.execute("from results.cox_multivariable").df()
            self.summary = con.execute("from results.survival_summary").df()
        self.levels = {factor.column: list(factor.levels) for factor in self.plan.factors}

    def models(self) -> list[tuple[list[str], pd.DataFrame]]:
        """The factors of each model, and its published rows that have an estimate."""
        models = [
            ([column], rows) for column, rows in self.univariable.groupby("factor", sort=False)
        ]
        models.append((list(self.multivariable["factor"].unique()), self.multivariable))
        return [
            (factors, rows[rows["coefficient"].notna()])
            for factors, rows in models
            # A model with a level that cannot be estimated is compared in test_cox_against…
            if rows["coefficient"].notna().any() and rows["note"].isna().all()
        ]

    def design(self, factors: list[str], rows: pd.DataFrame):
        known = self.cohort.dropna(subset=[*factors, "follow_up_days", "died"])
        columns = [
            (known[row.factor].astype(str) == row.level).to_numpy(float)
            for row in rows.itertuples()
        ]
        days = known["follow_up_days"].to_numpy(float)
        return days, known["died"].to_numpy(bool), np.column_stack(columns)


@pytest.fixture(params=REGISTRIES)
def published(request) -> Published:
    return Published(request.getfixturevalue(request.param))


def newton_breslow(days, died, design):
    """Coefficients and standard errors by Newton's method, written without care for speed."""
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        weight = np.exp(design @ beta)
        score, information = np.zeros(len(beta)), np.zeros((len(beta), len(beta)))
        for i in np.flatnonzero(died):
            at_risk = days >= days[i]
            w = weight[at_risk] / weight[at_risk].sum()
            mean = w @ design[at_risk]
            score += design[i] - mean
            information += (design[at_risk].T * w) @ design[at_risk] - np.outer(mean, mean)
        # Steps no longer than 1: full ones overshoot where an effect is strong.
        step = np.clip(np.linalg.solve(information, score), -1, 1)
        beta = beta + step
        if np.abs(step).max() < 1e-13:
            break
    return beta, np.sqrt(np.diag(np.linalg.inv(information)))


def test_breslow_models_equal_a_plain_newton_iteration(published):
    models = published.models()
    assert len(models) >= 7
    assert set(published.univariable["ties"]) == {"breslow"}
    for factors, rows in models:
        coefficients, errors = newton_breslow(*published.design(factors, rows))
        np.testing.assert_allclose(rows["coefficient"], coefficients, rtol=DIGITS, atol=1e-10)
        np.testing.assert_allclose(rows["standard_error"], errors, rtol=DIGITS)
        np.testing.assert_allclose(rows["hazard_ratio"], np.exp(coefficients), rtol=DIGITS)
        for end, sign in (("ci_low", -1), ("ci_high", 1)):
            limit = np.exp(coefficients + sign * 1.959963984540054 * errors)
            np.testing.assert_allclose(rows[end], limit, rtol=DIGITS)


@pytest.mark.slow
def test_efron_models_equal_statsmodels(published):
    from statsmodels.duration.hazard_regression import PHReg

    con = duckdb.connect()
    con.execute("create schema marts")
    con.register("cohort", published.cohort)
    con.execute("create table marts.survival_cohort as from cohort")
    con.execute(
        "create table marts.cohort_flow as select 1 as step_number, 'x' as step, 1 as patients, "
        "0 as excluded, 'y' as reason"
    )
    analysis.analyze(con, published.plan.model_copy(update={"ties": "efron"}))
    published.univariable = con.execute("from results.cox_univariable").df()
    published.multivariable = con.execute("from results.cox_multivariable").df()
    for factors, rows in published.models():
        days, died, design = published.design(factors, rows)
        # From zero its full steps miss the maximum where an effect is strong; from near it, it
        # still has to find the same one by its own score.
        start = 0.9 * rows["coefficient"].to_numpy()
        model = PHReg(days, design, status=died, ties="efron")
        fit = model.fit(start_params=start, maxiter=100)
        np.testing.assert_allclose(rows["coefficient"], fit.params, rtol=DIGITS, atol=1e-10)
        np.testing.assert_allclose(rows["standard_error"], fit.bse, rtol=DIGITS)


def test_survival_equals_a_plain_product_limit_estimate(published):
    known = published.cohort.dropna(subset=["follow_up_days", "died"])
    days, died = known["follow_up_days"].to_numpy(float), known["died"].to_numpy(bool)

    def survival(until: float) -> float:
        product = 1.0
        for time in np.unique(days[died & (days <= until)]):
            product *= 1 - (died & (days == time)).sum() / (days >= time).sum()
        return product

    overall = published.summary[published.summary["grouping"] == "overall"]
    landmarks = overall[overall["measure"] == "survival_at_landmark"]
    assert list(landmarks["landmark_months"]) == [12, 36, 60]
    for row in landmarks.itertuples():
        until = row.landmark_months * 30.4375
        assert row.estimate == pytest.approx(survival(until), rel=DIGITS)
        assert row.at_risk == (days >= until).sum()
    median = overall[overall["measure"] == "median_survival_months"]["estimate"].item() * 30.4375
    assert survival(median) <= 0.5 < survival(median - 0.01)


@pytest.mark.r
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_everything_equals_r(published, tmp_path):
    cohort = published.cohort.dropna(subset=["follow_up_days", "died"]).copy()
    cohort["died"] = cohort["died"].astype(int)
    cohort.to_csv(tmp_path / "cohort.csv", index=False, na_rep="NA")
    models = published.models()
    terms = [
        " + ".join(
            f"factor({name}, levels = c({', '.join(map(json.dumps, used))}))"
            for name, used in (
                (
                    name,
                    [
                        level
                        for level in published.levels[name]
                        if (cohort[name].astype(str) == level).any()
                    ],
                )
                for name in factors
            )
        )
        for factors, _ in models
    ]
    (tmp_path / "models.txt").write_text("\n".join(terms) + "\n", encoding="utf-8")
    (tmp_path / "script.R").write_text(R_SCRIPT, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "script.R"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    cox = pd.read_csv(tmp_path / "cox.csv")
    for number, (_, rows) in enumerate(models, start=1):
        of_r = cox[(cox["ties"] == "breslow") & (cox["model"] == number)]
        np.testing.assert_allclose(rows["coefficient"], of_r["coefficient"], rtol=DIGITS, atol=1e-9)
        np.testing.assert_allclose(rows["standard_error"], of_r["standard_error"], rtol=DIGITS)

    survival = pd.read_csv(tmp_path / "survival.csv")
    overall = published.summary[published.summary["grouping"] == "overall"]
    ours = overall[overall["measure"].isin(["median_survival_months", "survival_at_landmark"])]
    np.testing.assert_allclose(ours["estimate"], survival["estimate"], rtol=DIGITS)
    np.testing.assert_allclose(ours["ci_low"], survival["low"], rtol=DIGITS)
    np.testing.assert_allclose(ours["ci_high"], survival["high"], rtol=DIGITS)


@pytest.mark.slow
def test_table_of_197_patients_read_by_hand_gives_the_same_model(msk):
    """The spreadsheet read and coded by other means: nothing of the project but its results."""
    table = pd.read_excel(
        yaml.safe_load(msk.config.read_text(encoding="utf-8"))["extracts"]["pathology"]["files"],
        sheet_name="TCIA_n=197",
        engine="openpyxl",
    ).dropna(how="all")
    table.columns = [str(name).strip() for name in table.columns]
    cohort = pd.DataFrame(
        {
            "age_group": np.where(table["age"] >= 65, ">=65", "<65"),
            "sex": table["sex"].map({1: "male", 2: "female"}),
            "chronology": np.where(table["synchronous_crlm"] == 1, "synchronous", "metachronous"),
            "neoadjuvant_therapy": np.where(
                table["chemo_before_liver_resection"] == 1, "yes", "no"
            ),
            "size_group": np.where(table["max_tumor_size"] >= 6, ">=6 cm", "<6 cm"),
            "lobar_involvement": np.where(table["bilobar_disease"] == 1, "bilobar", "unilobar"),
            "days": (table["overall_survival_months"] * 30).round(),
            "died": table["vital_status"] == 1,
        }
    )
    assert len(cohort) == 197
    published = Published(msk)
    rows = published.multivariable[published.multivariable["coefficient"].notna()]
    design = np.column_stack(
        [(cohort[row.factor] == row.level).to_numpy(float) for row in rows.itertuples()]
    )
    coefficients, errors = newton_breslow(
        cohort["days"].to_numpy(float), cohort["died"].to_numpy(bool), design
    )
    np.testing.assert_allclose(rows["coefficient"], coefficients, rtol=DIGITS, atol=1e-10)
    np.testing.assert_allclose(rows["standard_error"], errors, rtol=DIGITS)
