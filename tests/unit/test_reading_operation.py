"""What sentences no list knows say of the operation, the primary tumor and the treatment before."""

from __future__ import annotations

import pytest

from reading.read import read

LOBES = [
    ("disease confined to right hemiliver on ious", "unilobar"),
    ("left lateral section only, right side spared", "unilobar"),
    ("no left-sided lesion, all mets in right lobe", "unilobar"),
    ("not bilobar", "unilobar"),
    ("5 lesions - 4 in the right lobe and 1 in the left lobe", "bilobar"),
    ("bilobar (r>l)", "bilobar"),
    ("ضایعات متعدد در هر دو لوب کبد", "bilobar"),
    ("لوب چپ درگیر نیست، ضایعه در لوب راست", "unilobar"),
    ("distribution cannot be assessed, no imaging available", "!not_assessable"),
    ("unilobar; bilobar", "!conflicting"),
    # A side that is only the greater one, a side that is free, segments of the other side.
    ("predominantly right", None),
    ("right lobe not involved", None),
    ("right lobe (segments 2, 3)", None),
    ("right lobe, s4b", None),
    ("right portal vein", None),
    ("right lobe?", None),
    ("left hepatectomy", None),
]
SEEDING = [
    ("peritoneal carcinomatosis ruled out at laparoscopy", "no"),
    ("few small implants on the diaphragm", "yes"),
    ("no peritoneal disease but omental deposit present", "yes"),
    ("pci score 12", "yes"),
    ("pci=0", "no"),
    ("صفاق و امنتوم سالم", "no"),
    ("شواهدی از کارسینوماتوز یافت نشد", "no"),
    ("کاشت متاستاتیک روی امنتوم دیده شد", "yes"),
    ("nodule on diaphragm suspicious for seeding", "!not_assessable"),
    ("no; omental cake", "!conflicting"),
    ("pci <5", None),
    ("peritoneal nodules, benign on frozen section", None),
    ("previous carcinomatosis", None),
    ("liver metastases", None),
    ("آسیت ندارد", None),
    ("بررسی نشد", "!not_reported"),
]
APPROACHES = [
    ("liver resection performed after sigmoidectomy", "colon_first"),
    ("synchronous disease; bowel resected first", "colon_first"),
    ("staged: hemicolectomy 1st, hepatectomy 2nd", "colon_first"),
    ("hepatectomy, colectomy 3 months later", "liver_first"),
    ("liver first, then chemoradiation, then lar", "liver_first"),
    ("not simultaneous, liver first", "liver_first"),
    ("right hepatectomy at the time of colectomy", "simultaneous"),
    ("بعد از کولکتومی هپاتکتومی شد", "colon_first"),
    ("ابتدا شیمی درمانی سپس کبد بعد کولون", "liver_first"),
    ("کولکتومی و هپاتکتومی در یک جلسه", "simultaneous"),
    ("n/a - metachronous disease", "!not_applicable"),
    ("primary never resected (ccr, watch & wait)", "!not_applicable"),
    ("کولون و کبد در دو مرحله، اول کولون", "colon_first"),
    ("colon resection. first liver", "liver_first"),
    ("colon first; liver first", "!conflicting"),
    ("colon first or liver first", None),
    ("liver first was planned but colon done first", None),
    ("combined chemoradiation", None),
    ("not combined", None),
    ("metachronous", None),
]
SITES = [
    ("mod. diff. adenocarcinoma of the caecum", "colon"),
    ("colon (hepatic flexure), pt4an2b", "colon"),
    ("not rectum - sigmoid", "colon"),
    ("ca. of mid-rectum, 7 cm fav, s/p lar 2019", "rectum"),
    ("رکتوم، 10 سانتی متری آنال ورج", "rectum"),
    ("روده بزرگ سمت راست", "colon"),
    ("two synchronous primaries - caecum and rectum", "!conflicting"),
    ("sigmoid tumour extending to upper rectum", None),
    ("sigmoid or rectum", None),
    ("colorectal, nos", None),
    ("not rectum", None),
    # The right of the colon is no rectum, though "راست روده" is one.
    ("تومور راست روده بزرگ", "colon"),
    ("family history of colon cancer", None),
]
NODES = [
    ("3 of 18 regional lns positive for metastatic adenoca", "yes"),
    ("pt3 pn1a (1/21) l1 v0", "yes"),
    ("stage iv (t3n2m1)", "yes"),
    ("stage iii at colectomy", "yes"),
    ("dukes' b2", "no"),
    ("24 lymph nodes harvested, none with tumour", "no"),
    ("no ln mets in 24 nodes examined", "no"),
    ("lymph nodes: 15 examined, 0 involved", "no"),
    ("تعداد لنف نود درگیر: صفر", "no"),
    ("از 14 لنف نود، 2 عدد درگیر", "yes"),
    ("nx, nodes not retrieved", "!not_assessable"),
    ("nodal status not stated in outside report", "!not_reported"),
    ("n1 (0/18)", "!conflicting"),
    ("stage iv", None),
    ("stage i-iii", None),
    ("ct3n1", None),
    ("n0 on imaging", None),
    ("18/3", None),
    ("15 nodes removed", None),
    ("liver margin positive", None),
    ("lvi positive", None),
    ("2/3 of rectum", None),
    ("20 lymph nodes examined, 25 positive", None),
    ("pt3n0 (0/9), inadequate harvest", "no"),
]
CHRONOLOGIES = [
    ("exactly 6 months from resection of primary", "synchronous"),
    ("7 months after primary resection", "metachronous"),
    ("more than 6 months after colectomy", "metachronous"),
    ("181 days after colectomy", "synchronous"),
    ("185 days after colectomy", "metachronous"),
    ("3 mo. post hemicolectomy", "synchronous"),
    ("primary still in situ", "synchronous"),
    ("دقیقا شش ماه بعد از جراحی کولون", "synchronous"),
    ("متاستاز کبد یک سال و نیم بعد از جراحی کولون", "metachronous"),
    ("3 ماه قبل از جراحی کولون", "synchronous"),
    ("synchronous; metachronous", "!conflicting"),
    # The lengths of six months differ, and a diagnosis is no resection.
    ("26 weeks after resection of primary", None),
    ("6-8 months after colectomy", None),
    ("9 months after diagnosis of primary", None),
    ("metachronous, 4 months after colectomy", None),
    ("10 months after previous hepatectomy", None),
    ("6 months", None),
    ("6 months and 1 day after colectomy", None),
    ("colectomy 8 months after liver mets", None),
]
THERAPIES = [
    ("received 6# mfolfox6 pre-op with good response", "yes"),
    ("pre-op chemo (regimen unknown)", "yes"),
    ("قبل از عمل 6 دوره شیمی درمانی شده است", "yes"),
    ("chemo planned, pt refused, went straight to or", "no"),
    ("upfront surgery, no preop chemo", "no"),
    ("after surgery only", "no"),
    ("کموتراپی فقط بعد از عمل", "no"),
    ("بیمار شیمی درمانی را نپذیرفت", "no"),
    ("no - folfox 6 cycles", "!conflicting"),
    ("not documented in referral letter", "!not_reported"),
    ("had surgery", None),
    ("chemotherapy planned", None),
    ("adjuvant folfox", None),
    ("chemotherapy before colectomy", None),
    ("chemo for breast cancer 2005", None),
    ("not sure if chemo given", None),
    ("no response to chemo", "yes"),
    ("surgery then folfox", None),
    ("no postoperative chemo", None),
    ("قبل از عمل: folfox، بعد از عمل: ندارد", None),
    ("before surgery: none; after surgery: folfox", "no"),
    ("no. of cycles: 6, folfox", "yes"),
    ("folfox refused after 2 cycles", None),
    ("chemo given after first hepatectomy", None),
]
REGIMENS = [
    ("cetuximab/folfiri 8 cycles, pr", "yes"),
    ("xelox without bevacizumab", "yes"),
    ("زلوکس + بواسیزوماب", "yes"),
    ("xelox after hepatectomy only", "no"),
    ("folfox was offered, not given", "no"),
    ("بدون کموتراپی، جراحی مستقیم", "no"),
    ("no folfox", None),
    ("folfox postop", None),
    ("folfox 0 cycles", None),
    ("gemcitabine + cisplatin", None),
]
TEXTS = {
    "lobar_involvement": LOBES,
    "metastatic_seeding": SEEDING,
    "surgical_approach": APPROACHES,
    "primary_site": SITES,
    "primary_node_positive": NODES,
    "chronology": CHRONOLOGIES,
    "neoadjuvant_therapy": THERAPIES,
    "neoadjuvant_regimen": REGIMENS,
}


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [(field, text, expected) for field, rows in TEXTS.items() for text, expected in rows],
)
def test_text_is_read_as_an_expert_reads_it(field: str, text: str, expected: str | None) -> None:
    reading = read(field, text)

    found = reading and (reading.value or f"!{reading.missing_reason}")
    assert found == expected
