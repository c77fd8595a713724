"""Grade, regression, viable percent and steatosis by the words of a text."""

from __future__ import annotations

import pytest

from reading.common import Reading
from reading.read import read
from reading.settings import Settings

UNREAD = "unreadable"


def shown(reading: Reading | None) -> str:
    """The value, the interval in percent or the reason of a reading, in one word."""
    if reading is None:
        return UNREAD
    if reading.measure is None:
        return reading.value or str(reading.missing_reason)
    measure = reading.measure
    low = "(" if measure.low_is_open else "["
    high = ")" if measure.high_is_open or measure.high is None else "]"
    interval = (
        f"{low}{measure.low:f},{'' if measure.high is None else format(measure.high, 'f')}{high}"
    )
    return interval if reading.value is None else f"{reading.value} {interval}"


GRADES = [
    ("g2/4", "moderate"),
    ("g3/4", "poor"),
    ("mod/poor", "poor"),
    ("metastatic moderately differentiated adenocarcinoma, colorectal origin", "moderate"),
    ("well to moderately differentiated", "moderate"),
    ("mostly g2 with areas of g3", "poor"),
    ("g1 (poorly differentiated)", "poor"),
    ("grade 2 out of 3", "moderate"),
    ("grade 2 of 4", "moderate"),
    ("grade 2/3", UNREAD),
    ("g2-3", "poor"),
    ("g2, 3 nodules", "moderate"),
    ("low grade", "imprecise"),
    ("low grade (g1)", "well"),
    ("high grade (<50% gland formation)", "poor"),
    ("high grade dysplasia", UNREAD),
    ("no poorly differentiated areas; moderately differentiated", UNREAD),
    ("poorly seen", UNREAD),
    ("moderate necrosis", UNREAD),
    ("moderately differentiated adenocarcinoma with poor response to therapy", UNREAD),
    ("grade 2 steatosis", UNREAD),
    ("g2 (favor g3)", "not_assessable"),
    ("poor; gx", "poor"),
    ("well; gx", "not_assessable"),
    ("mucinous adenocarcinoma", UNREAD),
    ("at least moderately differentiated", UNREAD),
    ("histologic grade: not applicable", "not_applicable"),
    ("grade not reported", "not_reported"),
    ("عمدتا با تمایز متوسط و کانون هایی با تمایز ضعیف", "poor"),
    ("عمدتاً تمایز متوسط", "moderate"),
    ("گرید 1 تا 2", "moderate"),
    ("تمایز متوسط نیست", UNREAD),
    ("moderate necrosis; poorly diff", "poor"),
    ("با تمایز خوب، نکروز متوسط", "well"),
    ("poorly to moderately differentiated with necrosis", "poor"),
    ("به دلیل اثر درمان قابل گریدینگ نیست", "not_assessable"),
]


@pytest.mark.parametrize(("text", "expected"), GRADES)
def test_grade(text: str, expected: str) -> None:
    assert shown(read("tumor_grade", text)) == expected


REGRESSIONS = [
    ("tumor regression grade (rubbia-brandt): trg 3", "partial"),
    ("dworak trg 4", "complete"),
    ("trg 4 (mandard)", "poor"),
    ("trg 3", "imprecise"),
    ("trg 5", "poor"),
    ("mandard 3/5", "partial"),
    ("dworak 3 of 4", "partial"),
    # 3 of 4, or 3 to 4?
    ("dworak 3/4", UNREAD),
    ("dworak 3-4", "imprecise"),
    ("dworak 5", UNREAD),
    ("mandard 2 dworak 3", UNREAD),
    ("becker 1b (<10% residual tumor)", "partial"),
    ("nodule 1: mandard 2, nodule 2: mandard 5", "poor"),
    ("3 nodules: mandard 1", "complete"),
    ("mandard 3 nodules", UNREAD),
    ("complete response in 2 nodules", UNREAD),
    ("complete response (mandard 4)", UNREAD),
    ("complete response (trg 1)", "complete"),
    ("poor or no response", "poor"),
    ("near-complete response, rare single cells (cap 1)", "partial"),
    ("no complete response", UNREAD),
    ("not complete, partial response", UNREAD),
    ("no viable tumor, complete response", "complete"),
    ("complete necrosis", UNREAD),
    ("good response", UNREAD),
    ("treatment effect: present", "imprecise"),
    ("major response with 20% viable tumor", "partial [20,20]"),
    ("60% necrosis and 40% viable tumor", "partial [40,40]"),
    ("necrosis 80%", UNREAD),
    ("viable tumor <10%", "imprecise"),
    ("regression 50%", "poor [50,50]"),
    ("regression 51%", "partial [49,49]"),
    ("no response in 30%", UNREAD),
    ("poor; cannot be assessed", "poor"),
    ("complete; cannot be assessed", "not_assessable"),
    ("clinical complete response", UNREAD),
    ("chemotherapy completed", UNREAD),
    ("no preoperative chemotherapy", "not_applicable"),
    ("no preoperative therapy effect", "poor"),
    ("بیمار شیمی درمانی قبل از عمل نگرفته است", "not_applicable"),
    ("پاسخ نسبی، حدود 30 درصد تومور زنده", "partial [30,30]"),
    ("پاسخ تقریبا کامل", "partial"),
    ("پاسخ کامل دیده نشد", UNREAD),
    ("complete necrosis, no viable cells", "complete"),
    ("complete response except one focus", UNREAD),
    ("گرید رگرسیون ماندارد 4", "poor"),
]


@pytest.mark.parametrize(("text", "expected"), REGRESSIONS)
def test_regression(text: str, expected: str) -> None:
    assert shown(read("tumor_regression", text)) == expected


VIABLE = [
    ("none", "[0,0]"),
    ("absent", "[0,0]"),
    # None of what?
    ("none seen", UNREAD),
    ("viable tumor approx. 35%", "[35,35]"),
    ("percentage of viable tumor: 40", "[40,40]"),
    ("necrosis 50%, fibrosis 30%, viable tumor 20%", "[20,20]"),
    ("50% necrosis/50% viable", "[50,50]"),
    ("regression > 90%", "[0,10)"),
    ("regression 20-30%", "[70,80]"),
    ("between 20 and 30%", "[20,30]"),
    ("> 50 % viable", "(50,)"),
    ("no viable tumor identified; acellular mucin only", "[0,0]"),
    ("no residual tumor", "[0,0]"),
    ("regression 80%, viable 30%", UNREAD),
    ("lesion 1: 20%, lesion 2: 60%", UNREAD),
    ("80% of tumor is not viable", UNREAD),
    ("non-viable tumor 80%", UNREAD),
    ("viable tumor 2 cm", UNREAD),
    ("-5%", UNREAD),
    ("120%", UNREAD),
    ("20 viable cells", UNREAD),
    ("trg 2", UNREAD),
    ("indeterminate", "not_assessable"),
    ("حدود %60 سلول زنده", "[60,60]"),
    ("هیچ تومور زنده ای دیده نشد", "[0,0]"),
    # Each label goes before its percent.
    ("زنده: 30% نکروز: 50% فیبروز: 20%", UNREAD),
    ("viable: 30% necrosis: 50% fibrosis: 20%", UNREAD),
    ("viable tumor, 20% viable", "[20,20]"),
    ("tumor content 60% (for ngs)", UNREAD),
    ("نکروز 60 درصد", UNREAD),
]


@pytest.mark.parametrize(("text", "expected"), VIABLE)
def test_viable_percent(text: str, expected: str) -> None:
    assert shown(read("viable_tumor_percent", text)) == expected


STEATOSES = [
    ("steatosis 4.9%", "0"),
    ("steatosis 5%", "1"),
    ("33%", "1"),
    ("33.1%", "2"),
    ("66%", "2"),
    ("66.1%", "3"),
    (">66%", "3"),
    (">33%", "imprecise"),
    ("<5% of hepatocytes", "0"),
    ("under 5%", "0"),
    ("0-5%", "imprecise"),
    ("mild (35%)", "2"),
    ("mild to moderate", "imprecise"),
    ("mild; severe", "conflicting"),
    ("20%; 50%", "conflicting"),
    ("macrovesicular 20%, microvesicular 30%", UNREAD),
    ("macrovesicular: 20%", "1"),
    ("steatosis: 20% macrovesicular, no microvesicular", "1"),
    ("mixed micro- and macrovesicular steatosis, 50%", "2"),
    ("steatosis grade 2/3", "2"),
    ("steatosis in 2/3 of hepatocytes", UNREAD),
    ("2/3", UNREAD),
    ("grade 4", UNREAD),
    ("nas 3", UNREAD),
    ("nas: steatosis 2", "2"),
    ("no steatosis, mild fibrosis", "0"),
    ("mild portal inflammation, no steatosis", "0"),
    ("moderate fibrosis without steatosis", "0"),
    ("no fibrosis, 10%", UNREAD),
    ("no fibrosis; mild", UNREAD),
    ("tumor 20% of liver", UNREAD),
    ("20% viable", UNREAD),
    ("segment 2 steatosis", UNREAD),
    ("no severe steatosis", UNREAD),
    ("steatosis cannot be excluded", UNREAD),
    ("favor mild steatosis", "not_assessable"),
    ("severe; cannot be assessed", "3"),
    ("فیبروز خفیف و استئاتوز متوسط", "2"),
    ("استئاتوز و التهاب خفیف", UNREAD),
    ("nas 5 (steatosis 2, inflammation 1, ballooning 2)", "2"),
    ("steatosis present, nas 3", UNREAD),
    ("steatosis score (nas) 2", UNREAD),
    # Labels with nothing between them.
    ("fibrosis: mild steatosis: present", UNREAD),
    ("fibrosis: 20% steatosis: 40%", UNREAD),
    ("fibrosis: 20%; steatosis: 40%", "2"),
    ("کبد غیر تومورال: استئاتوز متوسط", "2"),
    ("استئاتوز در 30% هپاتوسیت ها دیده می شود", "1"),
]


@pytest.mark.parametrize(("text", "expected"), STEATOSES)
def test_steatosis(text: str, expected: str) -> None:
    assert shown(read("steatosis", text)) == expected


def test_a_bare_number_of_steatosis_is_a_percent_only_where_the_unit_says_so() -> None:
    assert shown(read("steatosis", "20", Settings(unit="percent"))) == "1"
    assert shown(read("steatosis", "20")) == UNREAD
