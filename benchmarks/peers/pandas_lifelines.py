"""`python -m benchmarks.peers.pandas_lifelines FOLDER OUT.csv`: the job by pandas and lifelines.

Reads the three extracts of FOLDER and writes the flow into the cohort, the patients at each level
of each factor, survival at 1, 3 and 5 years, and the Cox models of each factor alone and of those
selected together, as rows of (kind, name, level, value). The last line of its output is the
seconds by step, as JSON.

A script for these files: it knows the spellings that they hold and no others, gives no reason why
a value is unknown and keeps no trace of a row. Texts are read once for each distinct one. The
curve is lifelines'; the Cox models are statsmodels', since the plan asks for Breslow's ties and
lifelines has Efron's alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from persiantools.jdatetime import JalaliDate
from statsmodels.duration.hazard_regression import PHReg

MISSING = ["", "-999", "na", "نامشخص", "-"]
DAYS_PER_MONTH = 30.4375
LANDMARKS_MONTHS = (12, 36, 60)
FACTORS = {
    "age_group": ["<65", ">=65"],
    "sex": ["female", "male"],
    "chronology": ["synchronous", "metachronous"],
    "neoadjuvant_therapy": ["no", "yes"],
    "metastasis_count_group": ["<3", ">=3"],
    "size_group": ["<6 cm", ">=6 cm"],
    "hepatectomy_extent": ["minor", "major"],
    "lymphovascular_invasion": ["no", "yes"],
    "perineural_invasion": ["no", "yes"],
    "tumor_regression": ["poor", "partial", "complete"],
    "steatosis_grade": ["0", "1", "2", "3"],
    "tumor_grade": ["well", "moderate", "poor"],
    "primary_site": ["colon", "rectum"],
    "surgical_approach": ["colon_first", "liver_first", "simultaneous"],
    "interval_group": ["<=12", ">12"],
    "resection_status": ["R0", "R1", "R2"],
    "margin_group": [">1 mm", "1 mm", "<1 mm"],
    "lobar_involvement": ["unilobar", "bilobar"],
}
FORCED = ["age_group", "sex"]
EXCLUDED = [
    *("margin_group", "lymphovascular_invasion", "tumor_grade", "steatosis_grade"),
    *("surgical_approach", "interval_group"),
]
SELECTION_P = 0.10

# Diagnoses of specimens; of several in one operation the highest holds.
HEMANGIOMA, OTHER, NO_RESIDUAL_TUMOR, METASTASIS = 1, 2, 3, 4


# --- reading -------------------------------------------------------------------------------------


def by_distinct_text(texts: pd.Series, read: Callable[[pd.Series], Any]) -> pd.Series:
    """Apply a vectorized reading to the distinct texts only."""
    codes, distinct = pd.factorize(texts)
    values = pd.Series(read(pd.Series(distinct, dtype="str")))
    # The last place answers for what is missing, whose code is -1.
    values = values.reindex(range(len(distinct) + 1))
    return pd.Series(values.to_numpy()[codes], index=texts.index)


def normalized(texts: pd.Series) -> pd.Series:
    digits = {ord(c): str(i % 10) for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
    letters = {ord("ي"): "ی", ord("ك"): "ک", 0x200C: " "}
    clean = texts.str.normalize("NFKC").str.translate(digits | letters).str.lower()
    clean = clean.str.replace(r"\s+", " ", regex=True).str.strip()
    return clean.mask(clean.isin(MISSING))


def load(path: Path, delimiter: str, columns: dict[str, str], key: list[str]) -> pd.DataFrame:
    """The file as normalized texts, equal rows once, without rows that share a key and differ."""
    table = pd.read_csv(
        path,
        sep=delimiter,
        dtype=str,
        keep_default_na=False,
        usecols=list(columns),
        encoding="utf-8-sig",
    )
    table = table.drop_duplicates().rename(columns=columns)
    for column in table:
        table[column] = by_distinct_text(table[column], normalized)
    return table[~table.duplicated(key, keep=False)].reset_index(drop=True)


def first_match(texts: pd.Series, patterns: dict[str, str], whole: bool = False) -> pd.Series:
    """The value of the first pattern that a text contains (or is); missing where none does."""

    def read(distinct: pd.Series) -> pd.Series:
        match = distinct.str.fullmatch if whole else distinct.str.contains
        found = [match(pattern) for pattern in patterns.values()]
        return pd.Series(np.select(found, list(patterns), ""), dtype="str").replace("", np.nan)

    return by_distinct_text(texts, read)


def dates(texts: pd.Series, pattern: str) -> pd.Series:
    return pd.to_datetime(texts.str.replace(r"[./]", "-", regex=True), format=pattern)


def jalali_dates(texts: pd.Series) -> pd.Series:
    def read(distinct: pd.Series) -> pd.Series:
        parts = distinct.str.split(r"[-/]", regex=True, expand=True).astype(int)
        days = [JalaliDate(*ymd).to_gregorian() for ymd in parts.itertuples(index=False, name=None)]
        return pd.Series(pd.to_datetime(pd.Series(days, dtype="object")))

    return by_distinct_text(texts, read)


def interval(texts: pd.Series, unit: str | None) -> pd.DataFrame:
    """Numbers as intervals [low, high], lengths in mm; what cannot be read may be anything."""
    found = texts.str.extract(
        r"^(?:about |closest margin |~)?(?P<sign>[<>]=?)? ?(?P<one>\d+(?:[.,]\d+)?)"
        r"(?:-(?P<other>\d+(?:\.\d+)?))?(?: x [\d.]+ x [\d.]+)? ?(?P<unit>mm|cm)?$"
    )
    factor = np.where(found["unit"].fillna(unit or "mm") == "cm", 10.0, 1.0)
    one = (pd.to_numeric(found["one"].str.replace(",", ".")) * factor).round(6)
    other = (pd.to_numeric(found["other"]) * factor).round(6).fillna(one)
    sign = found["sign"].fillna("")
    readable = one.notna()
    return pd.DataFrame(
        {
            "low": one.mask(sign.str.startswith("<") | (~readable & texts.notna()), 0.0),
            "high": other.mask(sign.str.startswith(">") | (~readable & texts.notna()), np.inf),
            "above": sign == ">",
            "below": sign == "<",
            "readable": readable,
        }
    )


# --- from rows to a cohort -----------------------------------------------------------------------


def read_operations(folder: Path) -> pd.DataFrame:
    columns = {
        "MRN": "patient",
        "OP_ID": "operation",
        "Op date": "date",
        "Procedure": "procedure",
        "Lobes": "lobes",
        "Seeding": "seeding",
        "Approach": "approach",
        "Gender": "sex",
        "DOB": "birth",
        "Primary": "site",
        "Primary op date": "primary_resected",
        "Mets dx date": "metastasis",
        "Sync/Meta": "chronology",
        "Neoadjuvant": "neoadjuvant",
        "Regimen": "regimen",
    }
    rows = load(folder / "operative_synthetic.csv", ",", columns, ["patient", "operation"])
    for column in ("date", "birth", "primary_resected", "metastasis"):
        rows[column] = dates(rows[column], "%Y-%m-%d")
    rows["extent"] = first_match(
        rows["procedure"],
        {
            "none": r"colectomy|anterior resection|abdominoperineal",
            "major": r"(?:right|left) (?:hemi)?hepatectomy|sectionectomy|هپاتکتومی (?:راست|چپ)",
            "minor": r"wedge|anatomical|(?:segment|metastas)ectomy|caudate|(?:متاستاز|سگمنت)کتومی",
        },
    )
    yes_no = {"yes": "yes|بله", "no": "no|خیر"}
    words = {
        "sex": {"female": "f|female|زن", "male": "m|male|مرد"},
        "site": {"rectum": "rectum|رکتوم", "colon": r".*(?:colon|sigmoid|cecum).*|سیگموئید|کولون"},
        "chronology": {"synchronous": "sync.*|همزمان", "metachronous": "meta.*|غیرهمزمان"},
        "approach": {
            "colon_first": "colon.first",
            "liver_first": "liver.first",
            "simultaneous": "simultaneous|همزمان",
        },
        "seeding": yes_no,
        "neoadjuvant": yes_no,
        "lobes": {"bilobar": "bilobar|both lobes|bilateral|دوطرفه", "unilobar": ".*"},
    }
    for column, patterns in words.items():
        rows[column] = first_match(rows[column], patterns, whole=True)
    return rows


def index_operations(rows: pd.DataFrame) -> pd.DataFrame:
    """The first liver resection of each patient; rows of one day are one operation."""
    liver = rows[rows["extent"].ne("none")]
    first = liver.groupby("patient")["date"].min()
    index = rows[rows["date"] == rows["patient"].map(first)]
    # What differs between the rows of one operation, or between all rows of a person, is unknown.
    by_patient = index.groupby("patient")
    cases = by_patient.first()
    for column in ("lobes", "seeding", "neoadjuvant", "chronology", "approach"):
        cases[column] = cases[column].where(by_patient[column].nunique() <= 1)
    everywhere = rows.groupby("patient")[["sex", "site", "birth"]]
    cases[["sex", "site", "birth"]] = everywhere.first().where(everywhere.nunique() <= 1)
    extents = index[index["extent"].ne("none")].assign(unclear=lambda t: t["extent"].isna())
    by_patient = extents.groupby("patient")
    major = extents["extent"].eq("major").groupby(extents["patient"]).any()
    unclear = by_patient["unclear"].any()
    cases["extent"] = pd.Series(np.select([major, ~unclear], ["major", "minor"], ""), major.index)
    cases["extent"] = cases["extent"].replace("", np.nan)
    return cases


def read_specimens(folder: Path, rows: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The liver specimens of the index operations, of each the latest that a report says."""
    columns = {
        "MRN": "patient",
        "Accession No": "specimen",
        "Operation No": "operation",
        "Procedure date": "taken",
        "Report date": "reported",
        "Organ": "organ",
        "Histology": "diagnosis",
        "No. of mets": "count",
        "Max size (cm) ": "size",
        "Margin": "margin",
        "Margin status": "margin_status",
        "Grade": "grade",
        "LVI": "lvi",
        "PNI": "pni",
        "Steatosis": "steatosis",
        "Regression": "regression",
    }
    key = ["patient", "specimen", "reported"]
    reports = load(folder / "pathology_synthetic.csv", ";", columns, key)
    reports["taken"] = dates(reports["taken"], "%d-%m-%Y")
    reports["reported"] = dates(reports["reported"], "%d-%m-%Y")
    reports["row"] = np.arange(len(reports))

    # To an operation by its number, else by its date, else by a report within sixty days.
    by_number = reports[["row", "patient", "operation"]].merge(
        rows[["patient", "operation", "date"]], on=["patient", "operation"]
    )
    reports["date"] = reports["row"].map(by_number.set_index("row")["date"])
    open_still = reports[reports["date"].isna()]
    operated = rows[["patient", "date", "extent"]].drop_duplicates(["patient", "date"])
    by_day = open_still[["row", "patient", "taken"]].merge(
        operated, left_on=["patient", "taken"], right_on=["patient", "date"]
    )
    liver = rows.loc[rows["extent"].ne("none"), ["patient", "date"]]
    later = open_still.loc[open_still["taken"].isna(), ["row", "patient", "reported"]].merge(
        liver, on="patient"
    )
    later = later[(later["reported"] - later["date"]).dt.days.between(0, 60)]
    linked = pd.concat([by_day.set_index("row")["date"], later.groupby("row")["date"].max()])
    reports["date"] = reports["date"].fillna(reports["row"].map(linked))

    index_date = reports["patient"].map(cases["date"])
    reports = reports[reports["date"].eq(index_date)].sort_values(["reported", "row"])
    # last() passes over what is missing: an addendum completes and blanks nothing.
    specimens = reports.groupby(["patient", "specimen"]).last().reset_index()
    return specimens[specimens["organ"].fillna("liver").eq("liver")]


def read_findings(specimens: pd.DataFrame) -> pd.DataFrame:
    """The worst of what the specimens of an operation report; counts add up."""
    patient = specimens["patient"]
    found = pd.DataFrame(index=pd.Index(patient.unique(), name="patient"))

    def codes(column: str, patterns: dict[int, str], whole: bool = True) -> pd.Series:
        """Values as numbers, the worst the largest: of texts pandas is slow to find the largest."""
        texts = {str(code): pattern for code, pattern in patterns.items()}
        return first_match(specimens[column], texts, whole).astype(float)

    diagnosis = codes(
        "diagnosis",
        {
            METASTASIS: "metastatic|متاستاتیک",
            NO_RESIDUAL_TUMOR: "no residual tumor|no viable tumor|complete path",
            HEMANGIOMA: "hemangioma",
            OTHER: "hyperplasia",
        },
        whole=False,
    )
    found["diagnosis"] = diagnosis.groupby(patient).max()
    unclear = diagnosis.isna().groupby(patient).any()
    found["diagnosis"] = found["diagnosis"].mask(unclear & found["diagnosis"].lt(NO_RESIDUAL_TUMOR))

    def ordered(column: str, patterns: dict[int, str], names: dict[float, str]) -> pd.Series:
        return codes(column, patterns).groupby(patient).max().map(names)

    found["tumor_grade"] = ordered(
        "grade",
        {1: "well.*|g1", 2: "moderate.*|g2", 3: "poor.*|g3"},
        {1: "well", 2: "moderate", 3: "poor"},
    )
    invasion = {1: "present|yes|positive|pn1", 0: "not identified|absent|no|negative|pn0"}
    for name, column in (("lymphovascular_invasion", "lvi"), ("perineural_invasion", "pni")):
        found[name] = ordered(column, invasion, {0: "no", 1: "yes"})
    found["tumor_regression"] = ordered(
        "regression",
        {
            1: "complete.*|trg 1.*",
            2: "partial.*|trg [23].*",
            3: "poor.*|trg [45].*",
        },
        {1: "complete", 2: "partial", 3: "poor"},
    )

    def steatosis(distinct: pd.Series) -> pd.Series:
        words = {"none": 0.0, "<5%": 0.0, "0": 0.0, "mild": 1.0, "moderate": 2.0, "severe": 3.0}
        percent = pd.to_numeric(distinct.str.extract(r"^(\d+) ?%$")[0])
        grade = pd.cut(percent, [-1, 4.999, 33, 66, 100], labels=False)
        return distinct.map(words).fillna(grade.astype(float))

    grade = by_distinct_text(specimens["steatosis"], steatosis).groupby(patient).max()
    found["steatosis_grade"] = grade.map({0.0: "0", 1.0: "1", 2.0: "2", 3.0: "3"})

    count = interval(specimens["count"].replace("multiple", ">=2"), None)
    count = count.groupby(patient)[["low", "high"]].sum(min_count=1)
    found["metastasis_count_group"] = grouped(count["low"] >= 3, count["high"] < 3, ">=3", "<3")
    size = interval(specimens["size"], "cm").groupby(patient)[["low", "high"]].max()
    found["size_group"] = grouped(size["low"] >= 60, size["high"] < 60, ">=6 cm", "<6 cm")
    return found.join(read_margins(specimens))


def grouped(first: pd.Series, second: pd.Series, one: str, other: str) -> pd.Series:
    return pd.Series(np.select([first, second], [one, other], ""), first.index).replace("", np.nan)


def read_margins(specimens: pd.DataFrame) -> pd.DataFrame:
    patient = specimens["patient"]
    text = specimens["margin"].replace(
        {"involved": "0", "positive": "0", "at ink": "0", "cannot be assessed": np.nan}
    )
    distance = interval(text.mask(text == "free"), "mm")
    # A word speaks where there is no distance: involved is 0 mm, free is above it.
    status = specimens["margin_status"].mask(text == "free", "free")
    silent = distance["low"].isna()
    involved = silent & status.isin(["involved", "positive"])
    below_limit = silent & status.eq("r1")
    free = silent & status.isin(["free", "negative"])
    at_least = silent & status.eq("r0")
    distance["low"] = distance["low"].mask(involved | free | below_limit, 0.0).mask(at_least, 1.0)
    distance["high"] = distance["high"].mask(involved, 0.0).mask(below_limit, 1.0)
    distance["high"] = distance["high"].mask(free | at_least, np.inf)
    distance["below"] |= below_limit
    distance["r1"] = (distance["high"] < 1) | (distance["high"].eq(1) & distance["below"])
    distance["r0"] = distance["low"].ge(1) | free
    # An open end is a little beside the number.
    distance["low"] += distance["above"] * 1e-9
    distance["high"] -= distance["below"] * 1e-9
    known = distance["low"].notna()
    by_patient = distance[known].groupby(patient[known])
    low, high = by_patient["low"].min(), by_patient["high"].min()
    status_r = grouped(by_patient["r1"].any(), by_patient["r0"].all(), "R1", "R0")
    groups = np.select(
        [high < 1, (low == 1) & (high == 1), low > 1], ["<1 mm", "1 mm", ">1 mm"], ""
    )
    return pd.DataFrame(
        {
            "resection_status": status_r,
            "margin_group": pd.Series(groups, low.index).replace("", np.nan),
        }
    )


def read_follow_up(folder: Path) -> tuple[pd.Index, pd.DataFrame]:
    """Every patient named, and per patient the last contact, whether dead, and the death date."""
    columns = {
        "شماره پرونده": "patient",
        "تاریخ تماس": "contact",
        "وضعیت": "status",
        "تاریخ فوت": "death",
        "منبع": "source",
    }
    key = ["patient", "contact", "source"]
    contacts = load(folder / "follow_up_synthetic.csv", ",", columns, key)
    contacts["contact"] = jalali_dates(contacts["contact"])
    contacts["death"] = jalali_dates(contacts["death"])
    contacts["dead"] = (
        contacts["status"].isin(["فوت شده", "فوت", "dead"]) | contacts["death"].notna()
    )
    by_patient = contacts.groupby("patient")
    return pd.Index(contacts["patient"].unique()), by_patient.agg(
        contact=("contact", "max"), death=("death", "max"), dead=("dead", "any")
    )


def cohort_of(folder: Path) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """One row per patient of the cohort, and the patients after each step of the selection."""
    rows = read_operations(folder)
    cases = index_operations(rows)
    specimens = read_specimens(folder, rows, cases)
    named, follow_up = read_follow_up(folder)
    reported = pd.read_csv(folder / "pathology_synthetic.csv", sep=";", dtype=str, usecols=["MRN"])[
        "MRN"
    ]
    patients = pd.Index(rows["patient"].unique()).union(named)
    patients = patients.union(by_distinct_text(reported, normalized).unique())

    cases = cases.join(read_findings(specimens)).join(follow_up)
    flow = [("All patients", len(patients)), ("First liver resection", len(cases))]
    for step, out in (
        ("No metastatic seeding", cases["seeding"].eq("yes")),
        ("Final pathology not hemangioma", cases["diagnosis"].eq(HEMANGIOMA)),
        ("Colorectal metastasis (cohort)", cases["diagnosis"].eq(OTHER)),
    ):
        cases = cases[~out.reindex(cases.index)]
        flow.append((step, len(cases)))
    return derived(cases.copy()), flow


def derived(cases: pd.DataFrame) -> pd.DataFrame:
    date, birth = cases["date"], cases["birth"]
    before_birthday = date.dt.strftime("%m%d") < birth.dt.strftime("%m%d")
    age = date.dt.year - birth.dt.year - before_birthday
    cases["age_group"] = grouped(age < 65, age >= 65, "<65", ">=65")

    resected, metastasis = cases["primary_resected"], cases["metastasis"]
    by_dates = pd.Series(
        np.where(metastasis > resected + pd.DateOffset(months=6), "metachronous", "synchronous"),
        cases.index,
    ).where(metastasis.notna() & resected.notna())
    cases["chronology"] = by_dates.fillna(cases["chronology"])
    soon = metastasis <= resected + pd.DateOffset(months=12)
    late = metastasis > resected + pd.DateOffset(months=12)
    interval_group = grouped(soon, late, "<=12", ">12")
    cases["interval_group"] = interval_group.where(cases["chronology"].eq("metachronous"))
    order = pd.Series(
        np.select(
            [resected < date, resected > date, resected == date],
            ["colon_first", "liver_first", "simultaneous"],
            "",
        ),
        cases.index,
    ).replace("", np.nan)
    approach = order.fillna(cases["approach"])
    cases["surgical_approach"] = approach.where(cases["chronology"].eq("synchronous"))

    regimen = cases["regimen"].notna()
    therapy = cases["neoadjuvant"].mask(cases["neoadjuvant"].isna() & regimen, "yes")
    cases["neoadjuvant_therapy"] = therapy.mask(therapy.eq("no") & regimen)
    cases["tumor_regression"] = cases["tumor_regression"].mask(
        cases["neoadjuvant_therapy"].eq("no")
    )
    cases = cases.rename(
        columns={
            "extent": "hepatectomy_extent",
            "site": "primary_site",
            "lobes": "lobar_involvement",
        }
    )
    cases["died"] = cases["dead"].eq(True)
    end = cases["death"].where(cases["died"], cases["contact"])
    days = (end - date).dt.days
    cases["days"] = days.mask(~cases["died"], days.fillna(0)).clip(lower=0)
    return cases


# --- statistics ----------------------------------------------------------------------------------

Estimates = dict[tuple[str, str], tuple[float, float]]
"""(Factor, level) → coefficient and p."""


def fit_cox(cohort: pd.DataFrame, factors: list[str]) -> Estimates:
    """A Cox model on complete cases; factors with one level there take no part."""
    known = cohort.dropna(subset=[*factors, "days"])
    for factor in factors:
        # A level without deaths has no finite coefficient: its patients are left out.
        deaths = known.loc[known["died"], factor].unique()
        known = known[known[factor].isin(deaths)]
    columns: dict[tuple[str, str], pd.Series] = {}
    start: list[float] = []
    for factor in factors:
        levels = [level for level in FACTORS[factor] if known[factor].eq(level).any()]
        if len(levels) == 1 and len(factors) > 1:
            return fit_cox(cohort, [other for other in factors if other != factor])
        columns |= {(factor, level): known[factor].eq(level).astype(float) for level in levels[1:]}
        # Full Newton steps from 0 overshoot where an effect is strong, and end in NaN: the crude
        # ratios of deaths per day are near the maximum.
        by_level = known.groupby(factor)
        rate = by_level["died"].sum() / by_level["days"].sum()
        start += [float(np.log(rate[level] / rate[levels[0]])) for level in levels[1:]]
    model = PHReg(known["days"], pd.DataFrame(columns), status=known["died"], ties="breslow")
    fit = model.fit(start_params=np.array(start))
    return dict(zip(columns, zip(fit.params, fit.pvalues, strict=True), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    results: list[tuple[str, str, str, float]] = []
    started = time.monotonic()
    cohort, flow = cohort_of(options.folder)
    results += [("flow", step, "", patients) for step, patients in flow]
    results.append(("count", "died", "true", int(cohort["died"].sum())))
    for factor, levels in FACTORS.items():
        counts = cohort[factor].value_counts().reindex(levels, fill_value=0)
        results += [("count", factor, level, int(counts[level])) for level in levels]
        results.append(("count", factor, "unknown", int(cohort[factor].isna().sum())))
    cohort_done = time.monotonic()

    curve = KaplanMeierFitter().fit(cohort["days"], cohort["died"])
    for months in LANDMARKS_MONTHS:
        alive = float(curve.predict(months * DAYS_PER_MONTH))
        results.append(("survival", "overall", str(months), alive))
    curve_done = time.monotonic()

    selected = []
    for factor in FACTORS:
        estimates = fit_cox(cohort, [factor])
        results += [("cox_univariable", *term, b) for term, (b, _) in estimates.items()]
        significant = any(p < SELECTION_P for _, p in estimates.values())
        if factor not in EXCLUDED and (factor in FORCED or significant):
            selected.append(factor)
    estimates = fit_cox(cohort, selected)
    results += [("cox_multivariable", *term, b) for term, (b, _) in estimates.items()]
    cox_done = time.monotonic()

    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "name", "level", "value"))
        writer.writerows((*row[:3], repr(float(row[3]))) for row in results)
    steps = {
        "cohort": cohort_done - started,
        "survival": curve_done - cohort_done,
        "Cox models": cox_done - curve_done,
    }
    print(json.dumps({step: round(seconds, 3) for step, seconds in steps.items()}))


if __name__ == "__main__":
    main()
