"""Comments of reports: which clauses are about which field, and what is read from them."""

from __future__ import annotations

import pytest

from ingestion.vocabulary import normalized_text
from reading.clauses import FIELDS
from reading.comment_text import sentences_of
from reading.comments import read_comment
from reading.common import Reading
from reading.passages import gathered

# A comment, and its passages as "fields: text".
PASSAGES = [
    ("Margin 3 mm", ["margin: margin 3 mm"]),
    (
        "Margins neg. LVI neg. PNI pos.",
        ["margin: margins neg", "lvi: lvi neg", "pni: pni positive"],
    ),
    # What names nothing goes on with what was named; what names another thing does not.
    ("Margin free. 0.5 mm", ["margin: margin free , 0.5 mm"]),
    ("Margin free (closest 4 mm), capsule 2 mm", ["margin: margin free ( closest 4 mm )"]),
    ("Margin free, capsule involved, 3 mm", ["margin: margin free"]),
    ("Margin 2 mm here; there it is 0.8 mm", ["margin: margin 2 mm here , there it is 0.8 mm"]),
    ("Margin involved (bile duct)", ["margin: margin involved ( bile duct )"]),
    ("LVI absent. Distance 3 mm", ["lvi: lvi absent"]),
    # One clause of several fields, parted at a conjunction, a code or a heading.
    (
        "Tumor measures 4.2 x 3 cm and is located 5 mm from the margin",
        ["size: tumor measures 4.2 x 3 cm", "margin: and is located 5 mm from the margin"],
    ),
    ("G2 L0 V1 R0 (4 mm)", ["grade: g2", "lvi: l0 v1", "margin: r0 ( 4 mm )"]),
    ("LVI: absent Grade: 2", ["lvi: lvi : absent", "grade: grade : 2"]),
    ("LVI - no - margin: free", ["lvi: lvi - no", "margin: margin : free"]),
    ("No LVI or PNI seen", ["lvi pni: no lvi no pni seen"]),
    ("No fibrosis or steatosis", ["steatosis: no steatosis"]),
    ("No (definite) LVI seen", ["lvi: no ( definite ) lvi seen"]),
    ("Lymphatic invasion: no; venous: yes", ["lvi: lymphatic invasion : no , venous : yes"]),
    ("Margin free; involved", ["margin: margin free , involved"]),
    ("Specimen size: 18 cm", []),
    ("Nodes: 3/5 positive. Largest deposit 1.2 cm", []),
    ("Hemangioma. The lesion is 2 cm", []),
    ("No LVI, necrosis or margin involvement", ["lvi: no lvi"]),
    ("No LVI, PNI and margin involvement seen", ["lvi pni: no lvi , pni"]),
    ("Without LVI or positive margins", ["lvi: without lvi", "margin: without positive margins"]),
    ("No LVI, margin free", ["lvi: no lvi", "margin: margin free"]),
    ("Steatosis and fibrosis: mild", ["steatosis: steatosis"]),
    ("Wedge 9 x 6 cm containing a nodule 2 x 1 cm", ["size: containing a nodule 2 x 1 cm"]),
    ("Poorly differentiated with LVI", ["grade: poorly differentiated", "lvi: with lvi present"]),
    # A bare grade or size is of what was spoken of.
    ("Slides reviewed. Size 4 cm", []),
    ("Two nodules. Size 4 cm", ["size: size 4 cm"]),
    ("Fibrosis, grade 2", []),
    ("Steatosis, grade 2", ["steatosis: steatosis , grade 2"]),
    ("Grade 2. Fibrosis", []),
    ("Grade 2, LVI absent", ["grade: grade 2", "lvi: lvi absent"]),
    # Another time, organ or means, and what follows it until this liver is named.
    ("Previous resection. Margin 2 mm", []),
    ("Margin 3 mm, previously 2 mm", []),
    ("Margin 3 mm. Previous", []),
    ("Colon: LVI present, PNI present. LVI absent", []),
    ("Colon: LVI present. Liver: margin 3 mm", ["margin: margin 3 mm"]),
    ("MRI: 5 cm. Largest lesion 4 cm, margin 1 cm", ["margin: margin 1 cm"]),
    ("Metastatic adenocarcinoma of colorectal origin, G2", ["grade: g2"]),
    ("Metastasis from the previous rectal primary, LVI absent", ["lvi: lvi absent"]),
    ("Addendum: margin is 3 mm, not 5 mm", ["margin: margin is 3 mm"]),
    ("1. Margin free 2. LVI absent", ["margin: margin free", "lvi: lvi absent"]),
    ("در نمونه قبلی مارژین درگیر. در نمونه حاضر مارژین آزاد", ["margin: مارژین آزاد"]),
    ("کبد زمینه: استئاتوز خفیف، فیبروز گرید ۱", ["steatosis: استئاتوز خفیف"]),
]  # fmt: skip

# A comment, and what is read from it.
NO_MARGIN = "margin !not_assessable"
READINGS = [
    (
        "Metastatic adenocarcinoma, moderately differentiated, 3.2 cm in greatest dimension. "
        "Parenchymal margin free, closest 4 mm. No perineural invasion.",
        "margin negative [4,4]; size [32,32]; grade moderate; pni no",
    ),
    (
        "Specimen 12 x 8 cm. Tumor size 3x2 cm. Background liver: steatosis 20%, no fibrosis.",
        "size [30,30]; steatosis 1",
    ),
    ("Lesion 1: margin 9 mm. Lesion 2: margin 2 mm", "margin [2,2]"),
    # Lesions told one by one: the worst of each field.
    ("First nodule margin 9 mm, second nodule margin 3 mm", "margin [3,3]"),
    ("Margin 9 mm for the first lesion and 3 mm for the second", "margin [3,3]"),
    ("One nodule is 9 mm from the margin, the other 3 mm", "margin [3,3]"),
    ("First nodule margin negative 9 mm, second nodule margin positive", "margin involved"),
    ("Main tumor margin 9 mm; satellite nodule margin 2 mm", "margin [2,2]"),
    ("مارژین ندول اول ۹ میلی‌متر و ندول دیگر ۳ میلی‌متر", "margin [3,3]"),
    ("One nodule shows 20% viable tumor, another 60%", "viable [60,60]"),
    ("Lesion in seg 7 shows 20% viable tumor, lesion in seg 4 shows 60%", "viable [60,60]"),
    ("First nodule: PNI absent; second nodule: PNI present", "pni yes"),
    ("Tumor 3 cm, margin 9 mm. Second tumor 1 cm, margin 3 mm", "margin [3,3]; size [30,30]"),
    # Of another lesion alone, or perhaps of it, and of other margins.
    ("Second nodule 1 cm, margin 8 mm", ""),
    ("Margin 9 mm (second lesion: 3 mm)", ""),
    ("Margin 9 mm, 3 mm for the second lesion", ""),
    ("Satellite nodule 3 mm from margin", ""),
    ("Another nodule measures 5 cm", ""),
    ("Margin free; remaining margins 2 cm", "margin negative"),
    ("Specimen 1: margin free. Specimen 2: margin involved", ""),
    ("Perineural invasion is not identified but lymphovascular invasion is", "lvi yes; pni no"),
    ("به علت خرد بودن نمونه مارژین قابل بررسی نیست", NO_MARGIN),
    ("Margin: lesion 1: 9 mm; lesion 2: 2 mm", "margin [2,2]"),
    ("Margin 2 mm. Margin 5 mm", ""),
    ("Margin free. Margin involved", ""),
    ("Largest metastasis 68 mm, second 11 mm", "size [68,68]"),
    ("Well differentiated. Poorly differentiated", "grade !conflicting"),
    ("LVI present. LVI absent", "lvi !conflicting"),
    ("No lymphatic invasion. No venous invasion.", "lvi no"),
    ("No lymphatic invasion.", ""),
    ("No extensive lymphovascular invasion.", ""),
    ("Complete response in lesion 1; lesion 2 with 60% viable tumor.", ""),
    ("Viable tumor 20", ""),
    ("Viable tumor 20%. TRG 3 (Mandard)", "regression partial; viable [20,20]"),
    ("Capsule involved. Margin 3 mm from bile duct.", ""),
    ("Margin <1 mm is considered R1.", ""),
    ("LVI: -; PNI: +", "lvi no; pni yes"),
    ("LVI +, PNI -", "lvi yes; pni no"),
    ("- Margin: free - LVI: absent - PNI: present", "margin negative; lvi no; pni yes"),
    ("LVI: absent PNI: present", "lvi no; pni yes"),
    ("Steatosis cannot be assessed, no liver in the sections.", "steatosis !not_assessable"),
    ("توده‌ای به ابعاد ۵×۴×۳ سانتی‌متر با فاصله ۲ میلی‌متر از لبه برش", "margin [2,2]; size [50,50]"),
    ("گرید ۲، LVI منفی، PNI منفی، مارژین آزاد", "margin negative; grade moderate; lvi no; pni no"),
    ("کیسه صفرا؛ مارژین آزاد", ""),
    # A length is a size or a distance; where it may be either it is not read.
    ("تومور ۱٫۵ میلی‌متر با لبه جراحی فاصله دارد و LVI + است", "margin [1.5,1.5]; lvi yes"),
    ("ضایعه ۲٫۵ سانتی‌متری با حاشیه ۷ میلی‌متر فاصله دارد", "margin [7,7]; size [25,25]"),
    ("تومور ۸ میلی‌متری که با مارژین فاصله دارد", ""),
    ("تومور ۸ میلی‌متر، با مارژین فاصله دارد", ""),
    ("ضایعه ۶ میلی‌متر با کپسول فاصله دارد", ""),
    ("Tumor 8 mm, away from the margin", ""),
    ("The lesion is 8 mm and well away from the margin, 22 mm", "margin [22,22]; size [8,8]"),
    ("Metastasis 7 mm off the cut surface", "margin [7,7]"),
    ("ندولی به قطر ۱۸ میلی‌متر در فاصله ۱۲ میلی‌متری از حاشیه", "margin [12,12]; size [18,18]"),
    ("5 mm of normal liver separates the tumor from the margin", "margin [5,5]"),
    ("5 mm of tumor tissue between the nodule and the margin", ""),
    ("Cut surface shows a nodule of 3 cm", "size [30,30]"),
    ("Mass 5 cm abutting the margin", "margin involved; size [50,50]"),
    ("Mass 5 cm not abutting the margin", ""),
    ("Nodules up to 2 cm at the margin", ""),
    # Of the margins of several sides the smallest, where each has its side.
    ("Deep margin 3 mm, lateral margin more than 20 mm", "margin [3,3]"),
    ("Deep margin 3 mm, lateral margin at least 2 mm", ""),
    ("Deep margin: 2 mm. Lateral margin: 5 mm", "margin [2,2]"),
    ("Deep margin 2 mm. Deep margin 5 mm", ""),
    ("Deep margin negative. Lateral margin positive", "margin involved"),
    ("Posterior margin positive. Anterior margin 6 mm", "margin involved"),
    ("Deep margin negative. Lateral margin 5 mm", ""),
    ("The medial nodule is 2 cm and the lateral nodule is 4 cm", "size [40,40]"),
    ("Deep and lateral margins are 4, 9 mm respectively", "margin [4,4]"),
    ("Lateral margin is involved, the deep margin is 4 mm", "margin involved"),
    ("Deep margin 3 mm, lateral margin free", ""),
    ("هر دو حاشیه قدامی و خلفی آزادند", "margin negative"),
    ("Nodules are 2 and 3 cm and 5 and 8 mm from the margin", "size [30,30]"),
    # A metastasis beside another thing that has a size of its own.
    ("Hemangioma of 12 mm beside the metastasis, which is 24 mm", "size [24,24]"),
    ("Hemangioma of 12 mm beside the metastasis; the cyst is 24 mm", ""),
    ("Metastasis (52 mm) and hemangioma (14 mm)", "size [52,52]"),
    ("Wedge with a 17 mm nodule", "size [17,17]"),
    # What is told with something, and by signs.
    ("With 1 mm margin and LVI", "margin [1,1]; lvi yes"),
    ("With 1 mm margin and suspicious LVI", "margin [1,1]; lvi !not_assessable"),
    ("With PNI and without LVI", "lvi no; pni yes"),
    ("PNI + بود و LVI منفی است", "lvi no; pni yes"),
    ("Less than 5% viable tumor remains in the fibrotic scar", "viable [0,5]"),
    ("پاسخ جزئی (CAP 2)", "regression partial"),
    ("پاسخ جزئی (CAP 0)", ""),
    ("Mandard four (4)", "regression poor"),
    ("Frozen section margin negative, confirmed on permanent, 4 mm", "margin negative [4,4]"),
    ("Frozen section margin negative, not confirmed on permanent", ""),
    ("Discussed at MDT. KRAS wild type.", ""),
    # Reasons, with why, which is not what is told.
    ("Margin could not be evaluated as the specimen was received fragmented.", NO_MARGIN),
    ("چون نمونه بدون مرکب‌گذاری ارسال شده، مارژین قابل اظهارنظر نمی‌باشد.", NO_MARGIN),
    ("Regression cannot be graded since prior therapy is unknown.", "regression !not_assessable"),
    ("The surgical margin is not stated in the outside report.", "margin !not_reported"),
    ("وضعیت تهاجم پری‌نورال در گزارش ذکر نشده.", "pni !not_reported"),
    ("Lymphovascular invasion is probably present.", "lvi !not_assessable"),
    ("No prior therapy; regression not applicable.", "regression !not_applicable"),
    # A percent of regression is one of viable tumor; beside words both are told.
    ("Tumor regression estimated at 80%.", "viable [20,20]"),
    ("Partial regression (80%).", "regression partial; viable [20,20]"),
    # How much an exception leaves nobody knows.
    ("No steatosis except in zone 3.", ""),
    ("No viable tumor except for single cells.", ""),
    # What a denial holds for.
    ("No LVI, PNI seen.", "lvi no"),
    ("PNI present (focal), LVI absent.", "lvi no; pni yes"),
    ("No evidence of vascular, lymphatic or perineural invasion.", "lvi no; pni no"),
    ("Perineural: neg; vascular: neg; lymphatic: pos.", "lvi yes; pni no"),
    ("Moderate steatosis without fibrosis.", "steatosis 2"),
    ("No perineural invasion, although few nerves are present.", "pni no"),
    # What is in brackets is of another time; what only explains is not read.
    ("The tumor measures 35 mm (50 mm on CT).", "size [35,35]"),
    ("Well differentiated, similar to the known rectal primary.", "grade well"),
    ("Metastasis 5.6 cm; satellite nodule 0.5 cm.", "size [56,56]"),
    ("Closest margin: 7 mm (segment 6), 11 mm (segment 8).", "margin [7,7]"),
    ("A metastasis of 35 mm with a free margin.", "margin negative; size [35,35]"),
    (").", ""),
]  # fmt: skip


def shown(reading: Reading) -> str:
    if reading.missing_reason:
        return "!" + reading.missing_reason
    measure = reading.measure
    interval = measure and f"[{float(measure.low or 0):g},{float(measure.high or 0):g}]"
    return " ".join(part for part in (reading.value, interval) if part)


@pytest.mark.parametrize(("text", "expected"), PASSAGES)
def test_a_comment_is_taken_apart_by_field(text: str, expected: list[str]) -> None:
    found = [
        f"{' '.join(topic for topic in FIELDS if topic in passage.about)}: "
        + passage.text_for(next(topic for topic in FIELDS if topic in passage.about))
        for passage in gathered(sentences_of(normalized_text(text)))
    ]

    assert found == expected


@pytest.mark.parametrize(("text", "expected"), READINGS)
def test_each_field_is_read_from_its_passages(text: str, expected: str) -> None:
    found = read_comment(normalized_text(text))

    short = {name: topic for topic, name in FIELDS.items()}
    assert "; ".join(f"{short[name]} {shown(r)}" for name, r in found.items()) == expected


def test_a_tumor_of_a_size_and_a_grade_is_told_to_each_reader_alone() -> None:
    (passage,) = gathered(sentences_of("a 3 cm moderately differentiated adenocarcinoma"))

    assert passage.about == {"size", "grade"}
    assert "3 cm" in passage.text_for("size")
    assert "differentiated" not in passage.text_for("size")
    assert passage.text_for("grade") == "a moderately differentiated adenocarcinoma"
