"""How much a header resembles a field: for proposals only, the loading path never guesses.

The contract's synonyms are sure; what stands here is looser, and a header that is found by it is
always marked for the registry manager to confirm.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from ingestion.contract import Field
from ingestion.mapping import normalized_header

# Words of headers that say the same, under the word by which they are compared.
_SAME_WORD = {
    word: meaning
    for meaning, words in {
        "age": "سن",
        "before": "pre preop preoperative قبل",
        "birth": "born birthday تولد",
        "cause": "علت",
        "center": "centre hospital institution مرکز بیمارستان",
        "chemotherapy": "chemo شیمی",
        "contact": "visit seen تماس مراجعه",
        "date": "day تاریخ",
        "death": "dead died deceased فوت مرگ",
        "diagnosis": "dx diagnosed تشخیص",
        "disease": "بیماری",
        "grade": "grading گرید درجه",
        "id": "code identifier کد",
        "invasion": "تهاجم",
        "largest": "max maximum greatest biggest بزرگترین حداکثر",
        "last": "latest آخرین",
        "liver": "hepatic کبد",
        "location": "محل",
        "margin": "margins مارژین حاشیه",
        "metastasis": "met mets metastases metastatic متاستاز",
        "name": "نام",
        "neoadjuvant": "نئوادجوانت",
        "number": "no nr num count شماره تعداد",
        "operation": "op surgery operative surgical resection عمل جراحی",
        "patient": "pt بیمار",
        "primary": "اولیه",
        "recurrence": "relapse progression عود",
        "regimen": "رژیم",
        "report": "reported گزارش",
        "sex": "gender جنس جنسیت",
        "size": "diameter dimension اندازه سایز قطر",
        "source": "منبع",
        "specimen": "sample نمونه",
        "status": "وضعیت",
        "steatosis": "fat fatty استئاتوز",
        "surgeon": "جراح",
        "tumor": "tumour lesion تومور ضایعه",
        "type": "نوع",
    }.items()
    for word in words.split()
}

# Words that tell one field from another only a little, and words that tell nothing.
_WEAK = dict.fromkeys(["date", "disease", "liver", "patient", "status", "total", "tumor"], 0.3)
_SILENT = frozenset(
    word
    for words in (
        "a an and as at by for from in is of on or the to yes yesno crlm",
        "mm cm percent pct months month days weeks years ng ml",
    )
    for word in words.split()
)

# What fields are also called; too loose to be synonyms of the contract.
ALSO_CALLED: dict[str, tuple[str, ...]] = {
    "patient_id": ("id", "patient id", "case number", "record number", "file number", "کد بیمار"),
    "specimen_id": ("specimen id", "pathology number", "block number", "شماره پاتولوژی"),
    "operation_id": ("operation id", "operation number", "شماره عمل"),
    "procedure_date": ("specimen date", "received date", "تاریخ نمونه"),
    "report_date": ("pathology date", "تاریخ گزارش"),
    "organ": ("specimen type", "tissue", "عضو"),
    "diagnosis": ("pathology diagnosis", "تشخیص نهایی"),
    "metastasis_count": ("multiple metastases", "number of lesions", "number of nodules"),
    "largest_metastasis": ("largest diameter", "lesion size", "metastasis size", "size"),
    "margin_distance": ("resection margin", "closest margin", "margin width", "فاصله مارژین"),
    "margin_status": ("margin involvement", "r classification"),
    "tumor_grade": ("histological grade",),
    "lymphatic_invasion": ("lymphatic",),
    "venous_invasion": ("venous", "large vessel invasion"),
    "lymphovascular_invasion": ("lymphovascular", "l v invasion", "تهاجم عروقی"),
    "perineural_invasion": ("perineural", "nerve invasion", "تهاجم عصبی"),
    "tumor_regression": ("response", "pathologic response", "regression grade"),
    "viable_tumor_percent": ("viability", "residual viable tumor"),
    "steatosis": ("fatty liver", "کبد چرب"),
    "comment": ("notes", "free text", "توضیحات"),
    "pathologist": ("پاتولوژیست",),
    "center": ("institution",),
    "operation_date": ("resection date", "hepatectomy date"),
    "procedure": ("hepatectomy", "operation type", "resection type"),
    "segments": ("segment", "resected segments", "سگمنت"),
    "access": ("laparoscopic", "open laparoscopic"),
    "lobar_involvement": ("bilobar", "unilobar bilobar", "lobe", "bilateral", "لوب"),
    "metastatic_seeding": ("peritoneal metastasis", "carcinomatosis"),
    "surgical_approach": ("sequence", "order of operations"),
    "surgeon": ("surgeon name",),
    "birth_date": ("birth",),
    "age_at_diagnosis": ("age at presentation",),
    "age_at_operation": ("age",),
    "primary_site": ("primary", "primary tumor", "tumor location"),
    "primary_node_positive": ("nodal status", "node positive", "lymph node metastasis"),
    "cea_ng_ml": ("cea level", "preoperative cea"),
    "primary_diagnosis_date": ("diagnosis date",),
    "primary_operation_date": ("colectomy date", "colon operation date"),
    "metastasis_diagnosis_date": ("metastasis date", "liver metastasis date"),
    "chronology": ("synchronous", "metachronous", "synchronous metachronous", "همزمان"),
    "neoadjuvant_therapy": (
        "chemotherapy before resection",
        "neoadjuvant chemotherapy",
        "preoperative therapy",
        "شیمی درمانی",
    ),
    "neoadjuvant_regimen": ("chemotherapy regimen",),
    "name": ("full name", "surname", "نام خانوادگی", "نام بیمار"),
    "national_id": ("national code",),
    "phone": ("phone number", "شماره تلفن", "موبایل"),
    "contact_date": ("last seen", "last follow up", "follow up date", "آخرین مراجعه"),
    "time_since_operation": ("overall survival", "survival time", "survival", "follow up time"),
    "vital_status": ("alive", "dead", "alive dead", "survival status"),
    "death_date": ("death",),
    "cause_of_death": ("cause",),
    "recurrence_date": ("relapse date", "تاریخ عود"),
    "recurrence_status": ("recurrence", "عود"),
    "recurrence_site": ("site of recurrence", "recurrence location"),
    "source": ("source of information", "contact type"),
}


def resemblance(header: str, field: Field) -> tuple[float, str]:
    """How much a header resembles a field, 0 to 1, and the phrase that it resembles most.

    The F1 score of the words that header and phrase share, words that say little counting little;
    words are shared that mean the same, begin alike, or differ by a slip of typing.
    """
    words = _words(header)
    phrases = [field.name.replace("_", " "), *field.synonyms, *ALSO_CALLED.get(field.name, ())]
    scores = [(round(_f1(words, _words(phrase)), 6), phrase) for phrase in phrases]
    return max(scores, key=lambda scored: scored[0])


def _words(text: str) -> list[str]:
    apart = normalized_header(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    found = dict.fromkeys(_SAME_WORD.get(w, w) for w in re.findall(r"[^\W\d_]+", apart))
    return [word for word in found if word not in _SILENT]


def _f1(header: list[str], phrase: list[str]) -> float:
    total = sum(_WEAK.get(word, 1) for word in [*header, *phrase])
    if not header or not phrase:
        return 0
    shared = [(h, p) for h in header for p in phrase if _alike(h, p)]
    in_header = sum(_WEAK.get(word, 1) for word in {h for h, _ in shared})
    in_phrase = sum(_WEAK.get(word, 1) for word in {p for _, p in shared})
    return (in_header + in_phrase) / total


def _alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 4:
        return one == other
    return longer.startswith(shorter) or SequenceMatcher(None, one, other).ratio() >= 0.85
