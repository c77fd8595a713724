"""Makes the generated extracts nastier, so that every rule has cases. All of it is synthetic.

``make_nastier`` rewrites the three CSV files of a folder: it replaces cells, blanks them, adds
columns that the example lacks (under the contract's own names), and adds addenda, specimens,
operations and contacts. Everything is drawn from one seed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

WORDS_OF_PATHOLOGY = {
    "Organ": ["", "Liver", "colon", "lymph node", "kidney?", "کبد"],
    "Histology": [
        "",
        "Hemangioma",
        "HCC",
        "benign",
        "no residual tumor",
        "no evidence of malignancy",
        "hemangioma; hcc",
        "Metastatic adenocarcinoma; hemangioma",
        "No residual tumor; hemangioma",
        "something else",
        "همانژیوم",
    ],
    "No. of mets": [
        "",
        "0",
        "none",
        "1",
        "2",
        "3",
        "single",
        "two",
        "multiple",
        "متعدد",
        ">1",
        "at least 2",
        ">= 3",
        "2-3",
        "1 to 2",
        "3-5",
        "3+",
        "<3",
        "61",
        "2.5",
        "many?",
        "cannot be counted",
        "۴",
        "3 metastases",
    ],
    "Max size (cm) ": [
        "",
        "0",
        "5.9 cm",
        "6.0 cm",
        "59.9 mm",
        "60 mm",
        "6",
        "5,99",
        "5 cm",
        "50 mm",
        "5.1 cm",
        "<1 cm",
        "<= 6 cm",
        "< 6 cm",
        ">6 cm",
        "≥6 cm",
        "at least 3 cm",
        "4-5 cm",
        "5 to 7 cm",
        "4.5 x 3 x 2 cm",
        "3x4.5cm",
        "up to 5 cm",
        "400 mm",
        "large",
        "5 kg",
        "۴٫۵ سانتی‌متر",
        "5 cm or more",
        "about 5",
    ],
    "Margin": [
        "",
        "0",
        "0 mm",
        "0.9 mm",
        "1",
        "1.0 mm",
        "0.1 cm",
        "1.1 mm",
        "<1 mm",
        "<0.1 cm",
        "<=1 mm",
        "within 1 mm",
        ">=1",
        ">1 mm",
        ">= 10 mm",
        "0.5-2 mm",
        "1-2 mm",
        "1 to 3 mm",
        "0.2-0.8 mm",
        "at least 5 mm",
        "> 0.5 mm",
        "involved",
        "at ink",
        "درگیر",
        "free",
        "آزاد",
        "not involved",
        "R0",
        "R1",
        "R2",
        "R1 vascular",
        "detached from vessel",
        "macroscopically involved",
        "R0, 2 mm",
        "free; 0.5 mm",
        "involved; 3 mm",
        "R1 (2 mm)",
        "R1 vascular; 3 mm",
        "R1 vascular; 0.5 mm",
        "R0; <=1 mm",
        "free; <=1 mm",
        "R1; <=1 mm",
        "involved; <=1 mm",
        "close",
        "cannot be assessed",
        "RX",
        "free; involved",
        "R0; R1",
        "2 mm; 5 mm",
        "200 mm",
        "3 kg",
        "bile duct margin 3 mm",
    ],
    "Margin status": [
        "",
        "free",
        "R0",
        "R1",
        "R2",
        "involved",
        "positive",
        "R1 vascular",
        "negative",
        "3 mm",
        "<1 mm",
        "cannot be assessed",
        "close",
        "see text",
        "مثبت",
    ],
    "Grade": [
        "",
        "G1",
        "G2",
        "G3",
        "G4",
        "GX",
        "well",
        "moderately to poorly differentiated",
        "well to moderately differentiated",
        "low grade",
        "high grade",
        "mucinous",
        "moderate; poor",
        "well; GX",
        "poor; GX",
        "cannot be assessed",
        "تمایز متوسط",
    ],
    "LVI": [
        "",
        "present",
        "absent",
        "L0",
        "L1",
        "V0",
        "V1",
        "L0; V0",
        "L1; V0",
        "LX",
        "suspicious for",
        "no lymphovascular or perineural invasion",
        "present; absent",
        "no lymphatic invasion",
        "no; LX",
        "L1; LX",
        "Pn1",
        "دیده نشد",
        "LVI: absent",
        "not absent",
    ],
    "PNI": [
        "",
        "Pn0",
        "Pn1",
        "PnX",
        "not identified",
        "present",
        "perineural invasion not identified",
        "no lymphovascular or perineural invasion",
        "indeterminate",
        "L1",
        "PNI: present",
        "perineural or lymphovascular invasion present",
    ],
    "Steatosis": [
        "",
        "none",
        "4.9 %",
        "5%",
        "33 %",
        "33.1%",
        "66%",
        "66.1 %",
        "<5%",
        ">66%",
        ">33%",
        "20-40%",
        "10-20%",
        "mild",
        "severe",
        "mild (40%)",
        "grade 4",
        "20%; 50%",
        "mild; severe",
        "30",
        "cannot be assessed",
        "خفیف",
        "۳۰ درصد",
    ],
    "Regression": [
        "",
        "complete",
        "partial",
        "poor",
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "TRG 1 (Mandard)",
        "TRG 4 (Mandard)",
        "Dworak 4",
        "80 %",
        "50 %",
        "20%",
        "100 %",
        "0 %",
        ">50%",
        "<50 %",
        "viable 20 %",
        "viable tumor 0 %",
        "viable tumor >50 %",
        "necrosis 80 %",
        "complete; cannot be assessed",
        "poor; cannot be assessed",
        "cannot be assessed",
        "60-80 %",
    ],
    "Comment": [
        "Margin 3 mm",
        "Margin <1 mm.",
        "Margin 0.5 mm",
        "Resection margin is free.",
        "Margin involved by tumor.",
        "R0 resection",
        "Largest metastasis 4.5 cm",
        "Tumor size 65 mm",
        "LVI absent",
        "LVI: present.",
        "No lymphovascular or perineural invasion.",
        "PNI: negative",
        "Perineural invasion: present",
        "Tumor grade: G3",
        "Grade 2",
        "Moderately differentiated.",
        "TRG 4 (Mandard)",
        "Tumor regression: complete",
        "Viable tumor 20 %",
        "Steatosis 20 %",
        "Steatosis: severe",
        "No steatosis.",
        "Margin 3 mm, size 4.5 cm, LVI absent, PNI absent, grade 2",
        "Margin 3 mm. Steatosis 40 %.\nSections A1 to A6",
        "In segment 6, margin 2 mm",
        "Previous margin 2 mm",
        "Margin 3 mm. Margin 5 mm",
        "Colon: grade 3",
    ],
    "tumor_regression_scale": ["", "", "Mandard", "Dworak", "CAP", "Becker", "own scale"],
    "viable_tumor_percent": [
        "",
        "",
        "",
        "0",
        "1",
        "20",
        "49 %",
        "50",
        "60 % viable",
        "<10%",
        ">50 %",
        "40-60",
        "101",
        "much",
        "viable tumor: 20 %",
    ],
    "lymphatic_invasion": ["", "", "L0", "L1", "LX", "no", "present", "V1"],
    "venous_invasion": ["", "", "V0", "V1", "VX", "absent", "present", "L0"],
}
WORDS_OF_OPERATIONS = {
    "Procedure": [
        "",
        "hepatectomy",
        "left lobectomy",
        "liver resection",
        "something new",
        "wedge resection",
        "Right hepatectomy",
        "Extended right hepatectomy",
        "left lateral segmentectomy",
        "Left lateral sectionectomy + wedge resection",
        "right posterior sectionectomy",
        "central hepatectomy",
        "caudate lobectomy",
        "hemihepatectomy",
        "trisectionectomy",
        "segmentectomy 4a, 4b",
        "segmentectomy 2, 5, 8",
        "bisegmentectomy 2, 3",
        "bisegmentectomy 5, 6",
        "segmentectomy",
        "bisegmentectomy",
        "ALPPS",
        "ALPPS, right hepatectomy",
        "two-stage hepatectomy + wedge resection",
        "wedge resection x3",
        "metastasectomy + LAR",
        "RFA",
        "liver biopsy",
        "Right hemicolectomy",
        "exploratory laparotomy",
        "AR",
        "wedge resection + RFA",
        "segmentectomy 6 + wedge resection",
        "segmentectomy 6 + hepatectomy",
        "سگمنتکتومی",
        "هپاتکتومی چپ",
        "partial hepatectomy",
        "Robotic right hepatectomy",
    ],
    "Lobes": [
        "",
        "right",
        "left; right",
        "both lobes",
        "right; caudate",
        "caudate",
        "unilobar; bilobar",
        "R?",
        "دو طرفه",
        "indeterminate",
    ],
    "Seeding": ["", "yes", "no", "0", "+", "indeterminate", "yes?", "no; yes"],
    "Approach": [
        "",
        "liver first",
        "colon first",
        "simultaneous",
        "staged",
        "primary not resected",
        "colon first; liver first",
        "همزمان",
        "other way",
    ],
    "Gender": ["", "F", "M", "x", "male; female", "other", "زن", "?"],
    "Primary": [
        "",
        "both",
        "rectum; sigmoid",
        "two primaries",
        "anus",
        "C19.9",
        "Rectum",
        "cecum",
        "rectosigmoid",
    ],
    "Sync/Meta": ["", "sync", "meta", "همزمان", "غیر همزمان", "not synchronous", "Metachronous"],
    "Neoadjuvant": ["", "yes", "no", "خیر", "maybe", "indeterminate", "yes; no"],
    "Regimen": ["", "none", "-", "FOLFOX", "XELOX + bevacizumab", "drug x", "FOLFOX; none", "0"],
    "segments": [
        "",
        "",
        "6",
        "5, 6",
        "II, III",
        "2-3",
        "5-8",
        "4a, 4b",
        "2, 3, 4",
        "5, 6, 7, 8",
        "9",
        "S5, S6",
        "none",
        "right lobe",
        "۵ و ۶",
    ],
    "primary_node_positive": ["", "yes", "no", "0", "1", "NX", "indeterminate", "yes; no"],
    "cea_ng_ml": [
        "",
        "5",
        "200",
        "200.1",
        "201",
        "> 200",
        ">= 200",
        "<0.5",
        "< 200",
        "100-300",
        "5,4 ng/mL",
        "250 µg/L",
        "5 mm",
        "high",
    ],
    "age_at_operation": [
        "",
        "",
        "64",
        "65",
        "64 y",
        "<65",
        ">= 65",
        "60-70",
        "14",
        "106",
        "old",
        "۶۶",
        "64 years",
    ],
    "age_at_diagnosis": ["", "", "64", "62 y", "<65", "14", "old", "60-62"],
}
WORDS_OF_CONTACTS = {
    "وضعیت": [
        "",
        "alive",
        "زنده",
        "dead",
        "فوت",
        "lost to follow-up",
        "نامشخص",
        "alive?",
        "alive; dead",
    ],
    "recurrence_status": ["", "", "no", "no", "yes", "indeterminate", "yes?", "ندارد"],
}
# How much of a column is replaced; what is not named here is replaced in one cell of seven.
SHARES = {"Organ": 0.04, "Histology": 0.06, "Seeding": 0.06, "Comment": 0.30}
ADDED_COLUMNS = {
    "tumor_regression_scale",
    "viable_tumor_percent",
    "lymphatic_invasion",
    "venous_invasion",
    "segments",
    "primary_node_positive",
    "cea_ng_ml",
    "age_at_operation",
    "age_at_diagnosis",
    "recurrence_status",
}


def make_nastier(folder: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    pathology = _read(folder / "pathology_synthetic.csv", ";")
    operative = _read(folder / "operative_synthetic.csv", ",")
    contacts = _read(folder / "follow_up_synthetic.csv", ",")

    operative = _operations(operative, random)
    _write(operative, folder / "operative_synthetic.csv", ",")
    _write(_reports(pathology, random), folder / "pathology_synthetic.csv", ";")
    _write(_contacts(contacts, random), folder / "follow_up_synthetic.csv", ",")


def _read(path: Path, delimiter: str) -> pd.DataFrame:
    return pd.read_csv(
        path, sep=delimiter, dtype=str, keep_default_na=False, encoding="utf-8-sig"
    ).astype(object)


def _write(table: pd.DataFrame, path: Path, delimiter: str) -> None:
    table.to_csv(path, sep=delimiter, index=False, encoding="utf-8-sig")


def _some(table: pd.DataFrame, share: float, random: np.random.Generator) -> np.ndarray:
    """Positions of so many rows, at least one of a table that is not empty."""
    return np.flatnonzero(random.random(len(table)) < share)


def _replace_words(
    table: pd.DataFrame, words: dict[str, list[str]], random: np.random.Generator
) -> None:
    for column, texts in words.items():
        added = column in ADDED_COLUMNS
        if column not in table:
            table[column] = ""
        share = 0.7 if added else SHARES.get(column, 1 / 7)
        rows = _some(table, share, random)
        place = table.columns.get_loc(column)
        table.iloc[rows, place] = np.array(texts, dtype=object)[
            random.integers(len(texts), size=len(rows))
        ]


def _coarser(
    table: pd.DataFrame, column: str, keep: str, share: float, random: np.random.Generator
) -> None:
    """Cut dates to what the pattern keeps of them."""
    rows = _some(table, share, random)
    place = table.columns.get_loc(column)
    cut = table.iloc[rows, place].str.extract(keep, expand=False)
    table.iloc[rows, place] = cut.fillna("").to_numpy()


def _set(
    table: pd.DataFrame, column: str, text: str, share: float, random: np.random.Generator
) -> None:
    table.iloc[_some(table, share, random), table.columns.get_loc(column)] = text


# --- Operations ----------------------------------------------------------------------------------

YEAR_FIRST_MONTH, YEAR_FIRST_YEAR = r"^(\d{4}.\d{1,2})", r"^(\d{4})"


def _operations(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    # Months to the day, and a day more or less, from the primary's resection to the metastasis.
    for months in (6, 12):
        for days in (-1, 0, 1):
            rows = _some(table, 0.02, random)
            resected = pd.to_datetime(table["Primary op date"].iloc[rows], errors="coerce")
            found = resected + pd.DateOffset(months=months) + pd.Timedelta(days=days)
            texts = found.dt.strftime("%Y-%m-%d").fillna("").to_numpy()
            table.iloc[rows, table.columns.get_loc("Mets dx date")] = texts
    # Birthdays on the day of the operation and on the day after: 65 today, 65 tomorrow.
    for days in (0, 1):
        rows = _some(table, 0.01, random)
        operated = pd.to_datetime(table["Op date"].iloc[rows], errors="coerce")
        born = operated - pd.DateOffset(years=65) + pd.Timedelta(days=days)
        table.iloc[rows, table.columns.get_loc("DOB")] = (
            born.dt.strftime("%Y-%m-%d").fillna("").to_numpy()
        )
    again = table.iloc[_some(table, 0.06, random)].copy()
    later = pd.to_datetime(again["Op date"]) + pd.to_timedelta(
        random.choice([0, 0, 0, 1, 20, 45, 200, 900], len(again)), unit="D"
    )
    again["Op date"] = later.dt.strftime("%Y-%m-%d").to_numpy()
    again["OP_ID"] = [f"OX-{number:06d}" for number in range(len(again))]
    again["Primary op date"] = ""
    table = pd.concat([table, again], ignore_index=True).astype(object)

    _replace_words(table, WORDS_OF_OPERATIONS, random)
    for column in (
        "Gender", "DOB", "Primary", "Neoadjuvant", "Regimen", "Sync/Meta", "Approach", "Lobes",
        "Center", "Primary op date", "Primary dx date", "Mets dx date",
    ):  # fmt: skip
        _set(table, column, "", 0.03, random)
    for column, share in (
        ("Op date", 0.02), ("DOB", 0.06), ("Primary dx date", 0.06), ("Primary op date", 0.06),
        ("Mets dx date", 0.06),
    ):  # fmt: skip
        _coarser(table, column, YEAR_FIRST_MONTH, share, random)
        _coarser(table, column, YEAR_FIRST_YEAR, share / 3, random)
        _set(table, column, "2015-04-31", share / 12, random)
    _set(table, "Op date", "", 0.004, random)
    _set(table, "DOB", "2021-05-05", 0.004, random)
    _set(table, "DOB", "55-05-05", 0.004, random)
    return table


# --- Pathology -----------------------------------------------------------------------------------

DAY_LAST_MONTH = r"^\d{1,2}.(\d{1,2}.\d{4})$"


def _reports(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    addenda = table.iloc[_some(table, 0.06, random)].copy()
    reported = pd.to_datetime(
        addenda["Report date"].str.replace(r"[-.]", "/", regex=True),
        format="%d/%m/%Y",
        errors="coerce",
    )
    reported += pd.to_timedelta(random.choice([1, 9, 30, 100], len(addenda)), unit="D")
    addenda["Report date"] = reported.dt.strftime("%d/%m/%Y").fillna("").to_numpy()
    _replace_words(addenda, WORDS_OF_PATHOLOGY, random)
    _replace_words(addenda, WORDS_OF_PATHOLOGY, random)
    others = table.iloc[_some(table, 0.08, random)].copy()
    others["Accession No"] = [f"X-{number:06d}" for number in range(len(others))]
    _replace_words(others, WORDS_OF_PATHOLOGY, random)
    _replace_words(others, WORDS_OF_PATHOLOGY, random)
    _replace_words(table, WORDS_OF_PATHOLOGY, random)
    table = pd.concat([table, addenda, others], ignore_index=True).fillna("").astype(object)

    # What the comment says counts where the columns are blank.
    silent = _some(table, 0.25, random)
    for column in WORDS_OF_PATHOLOGY:
        if column not in ("Organ", "Histology", "Comment", "No. of mets"):
            blank = silent[random.random(len(silent)) < 0.7]
            table.iloc[blank, table.columns.get_loc(column)] = ""
    _set(table, "Operation No", "", 0.15, random)
    _set(table, "Operation No", "OP-NONE", 0.02, random)
    _set(table, "Procedure date", "", 0.15, random)
    _set(table, "Procedure date", "01/01/1999", 0.01, random)
    _set(table, "Report date", "", 0.05, random)
    for column in ("Procedure date", "Report date"):
        dates = table[column].str.replace(r"[-.]", "/", regex=True)
        table[column] = dates
        rows = _some(table, 0.04, random)
        parts = dates.iloc[rows].str.extract(r"^\d+/(\d+)/(\d{4})$")
        month = (parts[1] + "-" + parts[0]).fillna("")
        table.iloc[rows, table.columns.get_loc(column)] = month.to_numpy()
    return table


# --- Follow-up -----------------------------------------------------------------------------------

NUMBER, CONTACT, STATUS, DEATH, SOURCE = "شماره پرونده", "تاریخ تماس", "وضعیت", "تاریخ فوت", "منبع"


def _contacts(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    again = table.iloc[_some(table, 0.08, random)].copy()
    again[SOURCE] = "second look"
    table = pd.concat([table, again], ignore_index=True).astype(object)
    _replace_words(table, WORDS_OF_CONTACTS, random)
    # Some recurrences on the day of the contact, known to the day, the month or the year.
    table["recurrence_date"] = ""
    place = table.columns.get_loc("recurrence_date")
    for keep in (r"^(.*)$", YEAR_FIRST_MONTH, YEAR_FIRST_YEAR):
        rows = _some(table, 0.05, random)
        table.iloc[rows, place] = (
            table[CONTACT].iloc[rows].str.extract(keep, expand=False).to_numpy()
        )
    _set(table, "recurrence_date", "soon", 0.01, random)
    _set(table, DEATH, "", 0.05, random)
    _set(table, DEATH, "1398/12/30", 0.01, random)
    # A death on the contact's day beside whatever the status says, and one long before.
    rows = _some(table, 0.01, random)
    table.iloc[rows, table.columns.get_loc(DEATH)] = table[CONTACT].iloc[rows].to_numpy()
    _set(table, DEATH, "1385/01/01", 0.003, random)
    for column, share in ((CONTACT, 0.05), (DEATH, 0.12)):
        _coarser(table, column, YEAR_FIRST_MONTH, share, random)
        _coarser(table, column, YEAR_FIRST_YEAR, share / 3, random)
    _set(table, CONTACT, "1399/13/01", 0.003, random)
    return table
