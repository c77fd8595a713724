"""What contacts say of life, death and recurrence, by the reader of sentences alone."""

from __future__ import annotations

import pytest

from reading.read import read

VITAL_STATUS = [
    ("alive / expired (both boxes ticked)", "!conflicting"),
    ("not known if alive or dead", "!not_assessable"),
    ("not known if alive", None),
    ("in hospice, bed bound", "alive"),
    ("died in hospice", "dead"),
    ("wife attended clinic", None),
    ("no contact possible, moved abroad", "lost"),
    ("moved abroad", None),
    ("پیگیری قطع شده", "lost"),
    ("pt's daughter informed that he expired at home", "dead"),
    ("wife died, patient himself alive", "alive"),
    ("wife reports patient died in march", "dead"),
    ("according to his son he is in good health", "alive"),
    ("alive; his father died of colon cancer", "alive"),
    ("not dead, reached by phone", "alive"),
    ("no longer living", "dead"),
    ("died (not of cancer)", "dead"),
    ("dead of unknown cause", "dead"),
    ("died, date unknown", "dead"),
    ("post-hepatectomy liver failure, died pod 21", "dead"),
    ("alive, on 3rd line regorafenib", "alive"),
    ("ned at 24 mo", "alive"),
    ("died ned", "dead"),
    ("ltfu since 2019, was well then", "lost"),
    ("multiple phone calls not answered", "lost"),
    ("unable to contact patient or family", "lost"),
    ("به گفته پسرش بیمار فوت کرده", "dead"),
    ("همسر بیمار فوت کرده، خود بیمار زنده است", "alive"),
    ("زنده است و عود ندارد", "alive"),
    ("alive; 30-day mortality none", "alive"),
    ("alive; dead", "!conflicting"),
    ("lost, dead", "!conflicting"),
    ("فوت، زنده", "!conflicting"),
    ("alive (died later)", None),
    ("alive - dead", None),
    ("بیمار در قید حیات نمی باشد", "dead"),
    ("هنوز فوت نکرده", "alive"),
    ("با شماره همراه تماس گرفته شد، جواب ندادند", "lost"),
    # Of a relative, of a plan, a fear or a form, of nothing that is settled.
    ("patient reports his wife died", None),
    ("پدر بیمار به علت سرطان فوت شده", None),
    ("family afraid he will die", None),
    ("may have died", None),
    ("no 30-day mortality", None),
    ("dead: no", None),
    ("date of death:", None),
    ("no response to folfox", None),
    ("not lost to follow-up", None),
    ("lost to follow-up, presumed dead", None),
    ("dead or lost", None),
    ("neighbor's dog died", None),
    ("no more follow up", "lost"),
    ("not yet contacted", None),
    ("son reports his father passed away", None),
    ("احتمال فوت بالا", None),
    ("تومور زنده دیده نشد", None),
    ("status: unknown", "!not_reported"),
    ("a/w ned", "alive"),
    ("زنده/عود", "alive"),
    ("زنده یا نه", None),
    ("alive/dead", None),
    ("alive/lost", None),
]

RECURRENCE_STATUS = [
    ("liver + peritoneum", "yes"),
    ("liver normal", None),
    ("gallbladder", None),
    ("suspicious for recurrence, mri awaited", "!not_assessable"),
    ("no recurrence, mri pending", None),
    ("mri pending", None),
    ("recurrence not recorded at this visit", "!not_reported"),
    ("cannot be assessed - no imaging since surgery", "!not_assessable"),
    ("recurrence ruled out", "no"),
    ("recurrence to be ruled out", None),
    ("local recurrence excluded", None),
    ("new hepatic lesion, biopsy proven", "yes"),
    ("liver lesion, biopsy proven", None),
    ("liver recurrence s/p re-resection, now ned", "yes"),
    ("بیماری برنگشته", "no"),
    ("بیماری برگشته", "yes"),
    ("no hepatic recurrence but pulmonary mets found", "yes"),
    ("disease recurred in remnant liver, re-resected", "yes"),
    ("recurrence, treated with sbrt, now ned", "yes"),
    ("awd, lung mets progressing", "yes"),
    ("repeat resection for recurrent liver metastases", "yes"),
    ("relapse at 6 mths - liver and lung", "yes"),
    ("no local, regional or distant recurrence", "no"),
    ("no intra- or extrahepatic recurrence", "no"),
    ("ct tap (3/2021): no evidence of recurrence", "no"),
    ("no lesions suspicious for recurrence", "no"),
    ("hasn't recurred", "no"),
    ("died without recurrence", "no"),
    ("عود موضعی ندارد ولی متاستاز ریه دارد", "yes"),
    ("رزکسیون مجدد به علت عود", "yes"),
    ("هیچ شواهدی از عود ندارد", "no"),
    ("عود نداشته و فوت کرده", "no"),
    ("no liver recurrence; suspicious lung nodule", "!not_assessable"),
    ("no hepatic recurrence but new pulmonary nodules suspicious for mets", "!not_assessable"),
    ("مشکوک به عود، pet درخواست شد", "!not_assessable"),
    ("no recurrence; lung metastases", "!conflicting"),
    # Of some place only, of a plan, of a marker, of the operation itself, of another disease.
    ("no hepatic recurrence", None),
    ("no carcinomatosis", None),
    ("no second recurrence", None),
    ("no recurrence but cea rising", None),
    ("cea relapse", None),
    ("no imaging done", None),
    ("not treated", None),
    ("recurrence: false", None),
    ("last seen alive", None),
    ("chemotherapy: yes", None),
    ("no follow-up", None),
    ("recurrence, not seen since", None),
    ("suspected recurrence confirmed by pet", None),
    ("no; lung", "!conflicting"),
    ("خیر؛ ریه", "!conflicting"),
    ("no, lung", None),
    ("ct liver: no recurrence", None),
    ("پیگیری عود", None),
    ("recurrence -", None),
    ("follow up for recurrence", None),
    ("risk of recurrence high", None),
    ("hepatectomy for liver metastases", None),
    ("metastatic colorectal cancer on chemo", None),
    ("recurrent cholangitis", None),
    ("disease free until 2019", None),
    ("عود ندارد اما cea بالاست", None),
    ("سابقه متاستاز کبد", None),
]


def _shown(field: str, text: str) -> str | None:
    reading = read(field, text)
    return None if reading is None else reading.value or f"!{reading.missing_reason}"


@pytest.mark.parametrize(("text", "expected"), VITAL_STATUS)
def test_of_the_patient_it_is_told_whether_he_lives(text: str, expected: str | None) -> None:
    assert _shown("vital_status", text) == expected


@pytest.mark.parametrize(("text", "expected"), RECURRENCE_STATUS)
def test_a_recurrence_is_anywhere_and_its_absence_everywhere(
    text: str, expected: str | None
) -> None:
    assert _shown("recurrence_status", text) == expected
