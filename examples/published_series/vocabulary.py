"""The spellings in which hospitals write a value down.

A spelling given twice is twice as likely. English and Persian; a few with Arabic ي and ك, with
zero-width non-joiners or stray blanks, because real keyboards produce them.
"""

from collections.abc import Mapping, Sequence
from typing import Final

Words = Mapping[str, Sequence[str]]

ZWNJ: Final = "\u200c"

# A blank cell is the most frequent way to say nothing. The dash stands in fields of numbers
# only: in a field of words it could be an answer.
MISSING_WORD: Final = ("", "", "", "", "", "NA", "-999", "نامشخص")
MISSING_NUMBER: Final = ("", "", "", "", "NA", "-999", "-", "نامشخص")

CENTER: Final[Words] = {
    name: (name,) * 30 + (name.lower(), name.upper(), f"{name} ")
    for name in ("Center A", "Center B", "Center C")
}

SEX: Final[Words] = {
    "female": ("F", "F", "Female", "female", "زن"),
    "male": ("M", "M", "male", "Male", "مرد"),
}
PRIMARY_SITE: Final[Words] = {
    "colon": (
        "sigmoid",
        "sigmoid",
        "Sigmoid colon",
        "Cecum",
        "ascending colon",
        "Transverse colon",
        "descending colon",
        "rectosigmoid",
        "colon",
        "سیگموئید",
        "كولون",
    ),
    "rectum": ("Rectum", "Rectum", "rectum", "RECTUM", "رکتوم", "ركتوم"),
}
CHRONOLOGY: Final[Words] = {
    "synchronous": ("Synchronous", "Synchronous", "sync", "Sync", "همزمان"),
    "metachronous": ("Metachronous", "Metachronous", "meta", "Meta", "غیرهمزمان"),
}
SURGICAL_APPROACH: Final[Words] = {
    "colon_first": ("colon first", "Colon first", "colon-first"),
    "liver_first": ("liver first", "Liver first", "liver-first"),
    "simultaneous": ("simultaneous", "Simultaneous", "همزمان"),
}
NEOADJUVANT: Final[Words] = {
    "no": ("no", "No", "no", "خیر", "خير"),
    "yes": ("yes", "Yes", "yes", "بله"),
}
REGIMEN: Final = (
    "FOLFOX",
    "FOLFOX",
    "XELOX",
    "XELOX",
    "FOLFIRI",
    "FOLFIRI + bevacizumab",
    "FOLFOX + bevacizumab",
    "",
)
LOBES: Final[Words] = {
    "right": ("right", "right", "Right lobe", "Unilobar", "unilobar"),
    "left": ("left", "left", "Left lobe", "Unilobar", "unilobar"),
    "unilobar": ("Unilobar", "unilobar", "right", "left"),
    "bilobar": ("bilobar", "Bilobar", "both lobes", "bilateral", "دوطرفه"),
}
RIGHT_SIDED: Final = ("right", "راست", "segmentectomy 6", "segmentectomy 5", "segment 7")
LEFT_SIDED: Final = ("left", "چپ", "segmentectomy 4", "segment 3")
ACCESS: Final = ("open", "open", "Open", "laparoscopic", "Laparoscopic", "")
SEEDING_NO: Final = ("no", "no", "No", "خیر")
SEEDING_YES: Final = ("yes", "Yes")

HEPATECTOMY: Final[Words] = {
    "minor": (
        "wedge resection",
        "wedge resection",
        "Wedge resection",
        "Non-anatomical resection",
        "Segmentectomy 6",
        "Segmentectomy 4",
        "wedge resection of segment 3",
        "wedge resection of segment 7",
        "Caudate lobectomy",
        "Metastasectomy",
        "متاستازکتومی",
        "متاستازكتومي",
        "سگمنتکتومی",
    ),
    "minor, several or large": (
        "Multiple wedge resections",
        "wedge resections",
        "non-anatomical resection",
        "segmentectomy 5, 6",
        "Segmentectomy 6",
        "سگمنتکتومی",
    ),
    "minor, bilobar": (
        "Multiple wedge resections",
        "wedge resections",
        "wedge resection of segments 2, 3 and 6",
        "wedge resection x3",
    ),
    "major": (
        "Right hepatectomy",
        "Right hepatectomy",
        "RIGHT HEMIHEPATECTOMY",
        "Extended right hepatectomy",
        "Left hepatectomy",
        "left hepatectomy",
        "left lateral sectionectomy",
        "laparoscopic left lateral sectionectomy",
        "هپاتکتومی راست",
        "هپاتکتومی چپ",
    ),
    "major, bilobar": (
        "Right hepatectomy + wedge resection segment 2",
        "Right hepatectomy + wedge resection segment 2",
        "wedge resection; left hepatectomy",
        "Extended right hepatectomy",
    ),
}
"""By extent, and by what the liver held: metastases on both sides need more than one side."""
EXTENT_UNCLEAR: Final = ("hepatectomy", "Hepatectomy")
COLECTOMY: Final[Words] = {
    "right colon": ("Right hemicolectomy",),
    "colon": ("Sigmoid colectomy", "Left hemicolectomy"),
    "rectum": ("Low anterior resection", "Anterior resection", "Abdominoperineal resection"),
}
RIGHT_COLON: Final = ("cecum", "ascending colon", "transverse colon")

DIAGNOSIS: Final = (
    "Metastatic adenocarcinoma, colorectal primary",
    "Metastatic adenocarcinoma, colorectal primary",
    "metastatic adenocarcinoma",
    "metastatic adenocarcinoma",
    "Adenocarcinoma metastatic",
    "Metastatic adenocarcinoma, consistent with colorectal primary",
    "Metastatic mucinous adenocarcinoma",
    "آدنوکارسینوم متاستاتیک",
)
NO_RESIDUAL_TUMOR: Final = (
    "No residual tumor",
    "No viable tumor cells",
    "Complete pathological response",
)
HEMANGIOMA: Final = ("Hemangioma", "Cavernous hemangioma")
HEMANGIOMA_BESIDE: Final = "Metastatic adenocarcinoma; hemangioma"
OTHER_DIAGNOSIS: Final = "Focal nodular hyperplasia"
ORGAN: Final = ("Liver", "Liver", "Liver", "liver ", "LIVER")

MARGIN_INVOLVED: Final = ("involved", "positive", "at ink", "0 mm", "0")
MARGIN_FREE: Final = "free"
MARGIN_NOT_ASSESSABLE: Final = "cannot be assessed"
STATUS_WITH_DISTANCE: Final[Words] = {
    "<1 mm": ("", "", "involved", "POSITIVE", "R1"),
    "1 mm": ("", "", "free", "Negative", "R0"),
    ">1 mm": ("", "", "free", "Negative", "R0"),
}
STATUS_INVOLVED: Final = ("involved", "POSITIVE")

GRADE: Final[Words] = {
    "well": ("well differentiated", "Well", "G1"),
    "moderate": ("moderately differentiated", "moderately differentiated", "Moderate", "G2"),
    "poor": ("poorly differentiated",),
}
GRADE_NOT_ASSESSABLE: Final = "GX"
GRADE_LOW: Final = "low grade"
LYMPHOVASCULAR_INVASION: Final[Words] = {
    "no": ("not identified", "absent", "no", "negative"),
    "yes": ("present", "present", "yes", "Positive"),
}
PERINEURAL_INVASION: Final[Words] = {
    "no": ("not identified", "absent", "no", "negative", "Pn0"),
    "yes": ("present", "yes", "Positive", "Pn1"),
}
INDETERMINATE: Final = "indeterminate"
STEATOSIS: Final[Words] = {
    "0": ("none", "none", "<5%", "0"),
    "1": ("mild", "mild", "20%", "10 %", "5%", "33%"),
    "2": ("moderate", "moderate", "40 %", "34%", "66%"),
    "3": ("severe", "70%", "67%"),
}
STEATOSIS_UNREADABLE: Final = "grade 4"
REGRESSION: Final[Words] = {
    "poor": ("poor", "Poor response", "TRG 4 (Mandard)"),
    "partial": ("partial", "Partial response", "TRG 3 (Mandard)", "TRG 2 (Mandard)"),
    "complete": ("complete", "Complete response", "TRG 1 (Mandard)"),
}
COUNT_MULTIPLE: Final = "multiple"
SIZE_UNREADABLE: Final = "large"
SIZE_ACROSS_6_CM: Final = "5-7 cm"
SIZE_BELOW_6_CM: Final = "5-5.5 cm"
SIZE_AT_LEAST_6_CM: Final = ">=6 cm"

# Semicolons, quotes and a line break inside a cell; no comment says anything of the other columns.
COMMENT: Final = ("",) * 40 + (
    "Sections A1 to A4",
    "Sections B1-B3; two blocks",
    'Received fresh, labeled "liver"',
    "Slides reviewed\nSections A1 to A6",
)

ALIVE: Final = ("زنده", "زنده", "زنده", "alive", "Alive")
DEAD: Final = ("فوت شده", "فوت شده", "فوت", "Dead", f"فوت{ZWNJ}شده")
CAUSE_OF_DEATH: Final = ("پیشرفت بیماری", "پيشرفت بيماري", "سرطان", "قلبی", "نامشخص", "")
CONTACT_SOURCE: Final = ("تلفن", "تلفن", "ویزیت", "ويزيت")
DEATH_SOURCE: Final = ("تلفن", "ثبت مرگ", "ثبت مرگ")


def spelled_size(size_mm: int) -> tuple[str, ...]:
    """Return spellings of a greatest dimension for a column whose unit is cm."""
    cm = f"{size_mm / 10:g}"
    forms = [
        *[cm] * 4,
        f"{cm} cm",
        f"{cm} cm",
        cm.replace(".", ","),
        f"{size_mm} mm",
        f"{size_mm}mm",
        f"{cm} x {size_mm * 7 // 100 or 0.3:g} x {size_mm // 20 or 0.2:g} cm",
    ]
    if size_mm % 10 == 0:
        forms += [f"~{cm}", f"about {cm} cm"]
    return tuple(forms)


def spelled_margin(margin_mm: float) -> tuple[str, ...]:
    """Return spellings of a margin for a column whose unit is mm."""
    if margin_mm == 0:
        return MARGIN_INVOLVED
    mm = f"{margin_mm:g}"
    forms = [mm, f"{mm} mm", f"{mm} mm", f"{mm}mm", f"{margin_mm / 10:g} cm"]
    if margin_mm < 1:
        return (*forms, "<1 mm", "<1 mm", "<1 mm", "< 1 mm")
    if margin_mm == 1:
        return (*forms, "1.0")
    if "." in mm:
        forms.append(f"{mm.replace('.', ',')} mm")
    else:
        forms.append(f"closest margin {mm} mm")
    if margin_mm >= 10:
        forms += [">= 10 mm", ">= 10 mm"]
    if margin_mm > 10:
        forms.append(">10 mm")
    return tuple(forms)
