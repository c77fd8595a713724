"""Diagnoses and organs, as sentences tell them."""

from __future__ import annotations

import pytest

from reading.read import read

UNREAD = "unread"

DIAGNOSES = [
    ("no tumor in segment 2; metastatic adenocarcinoma in segment 7", "metastasis"),
    ("s2: no tumor; s7: metastatic adenocarcinoma", "metastasis"),
    ("no tumor in segment 2; metastatic adenocarcinoma in segment 2", UNREAD),
    ("segment 3: hcc; segment 7: metastasis", UNREAD),
    ("metastatic adenocarcinoma with pushing border and zonal necrosis", "metastasis"),
    ("metastatic adenocarcinoma plus hemangioma", "metastasis"),
    ("edge free of tumor", UNREAD),
    ("metastatic adenocarcinoma, sarcomatoid", UNREAD),
    (
        "liver, segments 5 and 6: two nodules of metastatic colorectal adenocarcinoma"
        " (2.8 and 1.1 cm), margins negative by 4 mm",
        "metastasis",
    ),
    ("mod. diff. adenoca c/w met from sigmoid, ck7-, ck20+, cdx2+", "metastasis"),
    (
        "adenocarcinoma, metastatic, with 40% tumor necrosis; background liver shows 20% steatosis"
        " and no significant fibrosis.",
        "metastasis",
    ),
    ("metastatic adenocarcinoma; gallbladder: chronic cholecystitis", "metastasis"),
    ("metastatic adenocarcinoma. portal lymph node, negative for malignancy (0/1)", "metastasis"),
    ("metastatic adenocarcinoma, favor colorectal primary", "metastasis"),
    ("metastatic adenocarcinoma (not hcc)", "metastasis"),
    ("two lesions: metastatic adenocarcinoma (seg 7) and fnh (seg 4).", "metastasis"),
    ("metastatic adenocarcinoma in a patient with history of colon cancer", "metastasis"),
    ("متاستاز آدنوکارسینوم با منشا کولون، اندازه 3 سانتیمتر، مارژین آزاد", "metastasis"),
    ("بیمار با سابقه کانسر کولون، متاستاز کبدی", "metastasis"),
    ("کیسه صفرا: کوله سیستیت مزمن؛ کبد: متاستاز آدنوکارسینوم", "metastasis"),
    ("fibrosis and acellular mucin, no viable tumour cells (post folfox)", "no_residual_tumor"),
    ("known crlm, post chemo; no viable tumour", "no_residual_tumor"),
    ("hyalinised scar with dystrophic calcification, ypt0", "no_residual_tumor"),
    ("نکروز و فیبروز وسیع، سلول تومورال زنده مشاهده نشد", "no_residual_tumor"),
    ("liver wedge: sclerosed hemangioma; no evidence of metastatic carcinoma.", "hemangioma"),
    ("hemangioma. patient with history of colon cancer.", "hemangioma"),
    ("همانژیوم، متاستاز دیده نشد", "hemangioma"),
    ("no fnh or adenoma. hemangioma confirmed.", "hemangioma"),
    ("metastatic carcinoma, consistent with breast primary", "other"),
    ("metastatic adenocarcinoma, consistent with endometrial primary", "other"),
    ("bile duct hamartoma, no metastatic carcinoma identified", "other"),
    ("hepatocellular carcinoma, no lymphovascular invasion, in cirrhotic liver", "other"),
    ("متاستاز کانسر پستان به کبد", "other"),
    ("steatohepatitis with bridging fibrosis, no neoplasm", "no_malignancy"),
    ("بافت کبد با استئاتوز خفیف، شواهدی از بدخیمی دیده نشد", "no_malignancy"),
    ("liver parenchyma with no specific pathologic change", "benign"),
    ("necrotic nodule suspicious for metastatic adenocarcinoma", "not_assessable"),
    ("سلول های آتیپیک مشکوک به بدخیمی", "not_assessable"),
    # Two cancers, or a cancer that may be another.
    ("neuroendocrine tumor and colorectal metastasis", UNREAD),
    ("آدنوکارسینوم متاستاتیک و هپاتوسلولار کارسینوم", UNREAD),
    ("metastatic adenocarcinoma, probable upper gi primary", UNREAD),
    ("adenocarcinoma, cannot rule out cholangiocarcinoma", UNREAD),
    # Another organ, or no place of the liver's.
    ("adenocarcinoma of gallbladder with liver invasion", UNREAD),
    ("lymph node with metastatic adenocarcinoma; liver negative", UNREAD),
    ("metastatic adenocarcinoma, pulmonary nodules", UNREAD),
    # What is gone in one lesion may be left in another.
    ("lesion a: metastatic adenocarcinoma. lesion b: no viable tumor.", UNREAD),
    ("pcr in 2 of 3 lesions", UNREAD),
    ("completely regressed metastasis, acellular mucin", UNREAD),
    ("hcc and metastatic carcinoma", UNREAD),
    # What is left of a metastasis may hold no tumor.
    ("hyalinized scar, compatible with regressed metastasis", UNREAD),
    ("necrotic nodule consistent with treated metastasis", UNREAD),
    ("mucin pools at site of treated metastasis", UNREAD),
    ("ablated metastasis, necrosis only", UNREAD),
    ("metastasis bed with fibrosis and calcification", UNREAD),
    ("اسکار متاستاز", UNREAD),
    ("نکروز سازگار با متاستاز درمان شده", UNREAD),
    ("scar with microscopic focus of residual adenocarcinoma", "metastasis"),
    ("metastatic adenocarcinoma with marked treatment effect and scarring", "metastasis"),
    ("metastasis with 100% necrosis", UNREAD),
    ("metastatic adenocarcinoma (trg 1 mandard)", UNREAD),
    ("metastatic adenocarcinoma, trg 3 (mandard)", "metastasis"),
    ("no viable tumor except one focus", UNREAD),
    # What was thought before histology, or was there before.
    ("clinically metastasis; histologically necrosis and scar only", UNREAD),
    ("mdt: colorectal liver metastasis. histology: bile duct adenoma", UNREAD),
    ("liver metastasis. histology: sclerosed hemangioma", UNREAD),
    ("با تشخیص متاستاز تحت جراحی؛ پاتولوژی همانژیوم", UNREAD),
    ("از نظر متاستاز بررسی شد، همانژیوم", UNREAD),
    ("previously resected colorectal metastasis; specimen shows scar", UNREAD),
    ("metastasis previously resected, now cirrhosis", UNREAD),
    ("متاستاز قبلا برداشته شده، نسج کبد نرمال", UNREAD),
    ("اسکار ناشی از متاستاز قبلی", UNREAD),
    ("metastatic adenocarcinoma from previously resected rectal cancer", "metastasis"),
    ("metastatic adenocarcinoma, confirmed by histology", "metastasis"),
    ("metastatic adenocarcinoma similar to the previous colon cancer", "metastasis"),
    ("fnh in a patient with liver metastasis", UNREAD),
    ("metastatic adenocarcinoma in a patient with rectal cancer", "metastasis"),
    ("benign; metastasis in the other specimen", UNREAD),
    ("operation: resection of metastasis; necrotic tissue with inflammation", UNREAD),
    ("scar resembling metastasis", "not_assessable"),
    ("metastatic carcinoma with hepatocellular differentiation", UNREAD),
    ("metastatic adenocarcinoma. note: patient has breast cancer", UNREAD),
    # What was thought before, or denied over a comma.
    ("clinical: colorectal mets. micro: hemangioma.", UNREAD),
    ("no tumor, hemangioma", UNREAD),
    ("not suspicious for malignancy", UNREAD),
    ("no evidence of metastatic carcinoma", UNREAD),
    ("hemangioma and thymoblastoma", UNREAD),
    ("benign tumour", UNREAD),
]

ORGANS = [
    ("liver ant", "liver"),
    ("کبد نسبی", "liver"),
    ("liver hépatique", "liver"),
    ("liver, pleural", "conflicting"),
    ("liver, left lateral section, wedge, stitch marks margin", "liver"),
    ("hepatic resection, non-anatomical (seg 5)", "liver"),
    ("لوب چپ کبد، رزکسیون وج", "liver"),
    ("lymph node, common hepatic artery (8a)", "other"),
    ("غده لنفاوی ناف کبد", "other"),
    ("colon, hepatic flexure", "other"),
    ("right hemicolectomy and liver wedge", "conflicting"),
    ("کبد و کیسه صفرا", "conflicting"),
    ("liver bed of gallbladder", UNREAD),
    ("node between liver and stomach", UNREAD),
    ("colorectal liver metastasis", "liver"),
    ("lymph node near liver", UNREAD),
    ("metastasis from liver to lung", UNREAD),
    ("no liver tissue", UNREAD),
    ("hepatic artery", UNREAD),
]


def said(field: str, text: str) -> str | None:
    reading = read(field, text)
    return UNREAD if reading is None else reading.value or reading.missing_reason


@pytest.mark.parametrize(("text", "expected"), DIAGNOSES)
def test_diagnosis(text: str, expected: str) -> None:
    assert said("diagnosis", text) == expected


@pytest.mark.parametrize(("text", "expected"), ORGANS)
def test_organ(text: str, expected: str) -> None:
    assert said("organ", text) == expected
