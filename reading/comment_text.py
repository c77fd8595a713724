"""The sentences of a comment, as phrases of its lexicon, without what only explains them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reading.lexicon import Lexeme, lexicon_of
from reading.sentence import STOPS
from reading.tokens import tokens_of

PAUSES = {",", "(", ")", "[", "]"}
# Kinds of words by which something is left untold.
OPEN = {"unassessable", "unstated"}
# What a heading that names a specimen is made of.
LABELED = {"specimen", "heading", "here", "fill", "number"}

LENGTH = r"\d[\d.]* ?(?:[mc]m|میلی ?متری?|سانتی ?متری?|سانت)"
SIGN = {"+": "positive", "-": "negative"}
TISSUE = r"(?:parenchyma|tissue|liver)"
SIDE = (
    r"(?:deep|medial|lateral|anterior|posterior|superior|inferior|cranial|caudal|left|right"
    r"|upper|lower|عمقی|سطحی|جانبی|داخلی|خارجی|قدامی|خلفی|فوقانی|تحتانی|راست|چپ)"
)

REWRITES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    # A length before "away from" is how far, whatever it follows ("tumor 2 mm with the edge has
    # distance"); behind a pause it may be either.
    (
        re.compile(
            r"(?<!\w)(تومور|ضایعه|متاستاز|ندول|توده|کانون|که|و) "
            rf"((?:کمتر از |بیش از |بیشتر از |حداقل |حدود )?{LENGTH})(?<!ی) (?:از|با|تا|نسبت به) "
            r"((?:(?!و )[^\d\W]+ ){1,4}?)فاصله (?:دارد|داشت|داشته است)"
        ),
        r"\1 در فاصله \2 از \3",
    ),
    (
        re.compile(
            rf"{LENGTH}, (?=(?:از|با|تا|نسبت به) (?:(?!و )[^\d\W]+ ){{1,4}}?فاصله (?:دارد|داشت))"
        ),
        ", ",
    ),
    (
        re.compile(
            rf"(?<!\w)در ({LENGTH}) (?:از )?(?=(?:لبه|حاشیه|مارژین|مارجین|خط برش|سطح برش)(?!\w))"
        ),
        r"در فاصله \1 از ",
    ),
    (re.compile(rf"{LENGTH}, (?=(?:well |just )?(?:away|distant|apart|remote) from)"), ", "),
    (
        re.compile(
            rf"(?<=[cm]m) of (?:(?!tumor|necro|viable|neopl)[a-z]+ ){{0,3}}?{TISSUE}(?: [a-z]+)? "
            r"(?:separates?|separated|separating|(?:lies |lie |is |are )?(?:seen |present )?between"
            r"|intervenes? between) (?:the )?"
            r"(?:tumor|lesion|metastasis|nodule|mass|deposit) (?:from|and) "
        ),
        " from ",
    ),
    (
        re.compile(
            r"(?<=متر) (?:از )?(?:پارانشیم|بافت|نسج|کبد)(?: کبد| کبدی)?(?: سالم| نرمال| طبیعی)? "
            r"(?:بین|میان) (?:تومور|ضایعه|ندول|توده|متاستاز) و "
        ),
        " فاصله تا ",
    ),
    (
        re.compile(r"(?:^|(?<=[,;.(] ))(clear|free|cleared) by (?=(?:at least )?\d)"),
        r"margin \1 by ",
    ),
    # Both sides are all that was asked.
    (re.compile(rf"\bboth (?:the )?{SIDE} and (?:the )?{SIDE} (?=margins?\b)"), "both "),
    (
        re.compile(rf"\bهر دو (حاشیه|مارژین|مارجین|لبه)(?: ی| های| ها)? {SIDE} و {SIDE}(?!\w)"),
        r"هر دو \1",
    ),
    # "The cut surface shows a nodule": what is seen there is no margin.
    (
        re.compile(
            r"(?:\b(?:the )?cut (?:surface|section)s?|(?:^|(?<=[.;] ))section)"
            r"(?: of (?:the )?(?:resected )?(?:liver|specimen|wedge|tissue))? "
            r"(?:shows?|showed|reveals?|revealed|demonstrates?|discloses?|displays?|contains?"
            r"|contained|exhibits?|has|had) "
        ),
        "",
    ),
    (re.compile(r"(?:^|(?<=[.;] ))on (?:the )?cut (?:surface|section)s?,? (?!of\b)"), ""),
    (re.compile(r"\bseparated from (?=[^.,;]* by (?:at least |about )?\d)"), "away from "),
    (re.compile(r", (?=respectively\b|به ترتیب)"), " "),
    # "The deep one at 3 mm": which side is the closest.
    (
        re.compile(
            rf"\b((?:closest|nearest) (?:margin|edge)) (?:is|was) (?:the )?{SIDE}"
            r"(?: one| margin| edge)?,? "
            r"(?:(?:at|and measures|measuring|with|which is|being) )?(?=\d)"
        ),
        r"\1 ",
    ),
    (
        re.compile(
            r"(?<=فاصله )(?:مربوط )?(?:به|در|با) (?:حاشیه|مارژین|مارجین|لبه)(?: ی)? "
            rf"{SIDE},? (?:(?:و|است و|به میزان) )?(?=\d)"
        ),
        "",
    ),
    (
        re.compile(r"\bthe (?:nearer|closer)(?: one| margin| edge)? (?=is|at|measures|being|\d)"),
        "closest margin ",
    ),
    (
        re.compile(
            rf"(?<=[cm]m) (?:at|along|on|over) (?:the |its )?{SIDE} (?:aspect|side|part|portion)\b"
        ),
        "",
    ),
    (
        re.compile(
            r"\b((?:closest|nearest|minimum|minimal|shortest) distance"
            rf"[^.,;()]{{0,20}}{LENGTH}) \((?:the )?{SIDE}(?: margin)?\)"
        ),
        r"\1 to the margin",
    ),
    # "The margin is at 2 mm of the tumor".
    (
        re.compile(
            rf"\b(حاشیه|مارژین|مارجین|لبه)((?: (?!از)[^\d\W]+){{0,2}}) در ({LENGTH})(?: از)? "
            r"(?:تومور|ضایعه|ندول|توده)"
        ),
        r"\1\2 فاصله \3",
    ),
    (
        re.compile(rf"(?<!\w)و ({LENGTH})(?<=ی) (?:از )?(?=(?:تومور|ضایعه|ندول|توده)(?!\w))"),
        r"و فاصله \1 از ",
    ),
    # Of several the largest, and no bound.
    (
        re.compile(
            r"\b(nodules|lesions|deposits|metastases|masses|foci|tumors) "
            rf"(?:(?:measuring|of|are|were|is) )?up to (?={LENGTH})"
        ),
        r"\1 , largest ",
    ),
    # What lies beside the metastasis.
    (
        re.compile(
            r"(?:^|(?<=[,;.] ))(?:(?:lies|located|situated|seen|found|present) )?"
            r"(?:adjacent to|beside|next to|near|close to|alongside) (?:an? |the )"
            rf"(?={LENGTH} )"
        ),
        "",
    ),
    (re.compile(r"(?:^|(?<=[,;.] )|(?<= ))(?:و )?در (?:کنار|مجاورت) (?:آن|ان),? "), ", "),
    (re.compile(r"(?<=متری) یک (?=کیست|همانژیوم|گرانولوم|آدنوم|هامارتوم)"), ", "),
    (re.compile(r"(?:در )?(?:برش|مقطع|سطح مقطع)(?: ها| های تهیه شده)? نشان ?دهنده "), ""),
    # "LVI + and PNI -".
    (
        re.compile(
            r"(?:^|(?<=[,;.] ))((?:[^\d\W]+ ){1,3})([+-]) (?:و|and) ((?:[^\d\W]+ ?){1,3}) ?([+-])"
            r"(?= *(?:[,;.]|$))"
        ),
        lambda m: f"{m[1]}{SIGN[m[2]]} , {m[3].strip()} {SIGN[m[4]]}",
    ),
    # What is not viable needs no other name.
    (
        re.compile(
            r"(?:,| and| with| while)* the (?:rest|remainder)(?: is| was| being| of it is)? "
            r"(?:necrotic|fibrotic|necrosis|fibrosis)"
            r"(?: and (?:necrotic|fibrotic|necrosis|fibrosis))?"
        ),
        "",
    ),
    (
        re.compile(
            r",? ?(?:و )?(?:بقیه|مابقی)(?: آن)? (?:نکروتیک|نکروز|فیبروز|فیبروتیک)"
            r"(?: است| می ?باشد| بود)?(?!\w)"
        ),
        "",
    ),
    # "With PNI and without LVI".
    (
        re.compile(
            r"\bwith ((?:focal |extensive )?(?:lvs?i|pni"
            r"|(?:perineural|lymphovascular|vascular|venous|lymphatic) invasion)) "
            r"(?:and|but) (?:without|no|with no) "
        ),
        r"with \1 present , no ",
    ),
    (
        re.compile(
            r"(?<!\w)(?:با|دارای) (lvs?i|pni|تهاجم (?:[^\d\W]+ ?){1,3}) "
            r"(?:و|ولی|اما) (?:بدون|فاقد) "
        ),
        r"با \1 مثبت , بدون ",
    ),
    # A number in words with its figure.
    (
        re.compile(r"\b(?:(one|یک)|(two|دو)|(three|سه)|(four|چهار)|(five|پنج)) ?\((\d)\)"),
        lambda m: m[6] if m.lastindex == 6 and m[int(m[6])] else m[0],
    ),
    (re.compile(r"(?<![\w.])\+ ?(?=(?:است|می ?باشد|بود|شد)(?!\w))"), "positive "),
    (re.compile(r"(?<![\w.])- ?(?=(?:است|می ?باشد|بود|شد)(?!\w))"), "negative "),
    (
        re.compile(r"\bof which (?=(?:about |approximately |some |only |~ ?)?\d+ ?(?:%|percent))"),
        "",
    ),
    # What was seen during the operation, where the microscope says the same.
    (
        re.compile(
            r"\bfrozen(?: sections?)? (?:of |on |from )?"
            r"(?=[^.;]*(?<!not )\bconfirmed (?:on|by|in|with) (?:the )?(?:permanent|paraffin))"
        ),
        "",
    ),
    (
        re.compile(
            r"(?<!not),? (?:and )?(?:was |is )?confirmed (?:on|by|in|with) (?:the )?"
            r"(?:permanent|paraffin)(?: sections?)?"
        ),
        "",
    ),
    # The bed of what is left.
    (
        re.compile(
            r"\b(?<=viable )(tumor|carcinoma|cells)((?: remains?| left| is seen)?) "
            r"(?:in|within|amid) (?:the |a )?(?:dense |old )?"
            r"(?:fibrotic|fibrous|fibrosed|hyalinized) "
            r"(?:scar|nodule|stroma|tissue|background|mass|bed)"
        ),
        r"\1\2",
    ),
    (
        re.compile(
            r"\b(?:scant|sparse|rare|few|minimal) "
            r"(?=(?:residual )?viable (?:tumor|cells)[a-z ]*\()"
        ),
        "",
    ),
    (re.compile(r" amid(?:st)? (?:dense |extensive )?fibrosis\b"), ""),
    (
        re.compile(r" در (?:زمینه|داخل|میان)(?: ی)? (?:بافت )?اسکار(?: فیبروتیک| فیبروزه)?(?!\w)"),
        "",
    ),
    (re.compile(r"(?<!\w)بقایای (?=تومور)"), "باقیمانده "),
    # "Partial" in Persian may be "minor" too: the grade beside it tells.
    (
        re.compile(
            r"(?<=پاسخ )(?:جزئی|جزیی|نسبی) (?=\(?(?:cap ?:? ?[12]|mandard ?:? ?[23])(?!\d))"
        ),
        "",
    ),
    (re.compile(r"\blvi ?/ ?pni\b"), "lvi or pni"),
    (re.compile(r"(:|\b(?:lvi|lvsi|pni|invasion|margins?)) ?-(?= ?(?:[,;.)]|$))"), r"\1 negative"),
    # A full stop behind these words ends a sentence, though elsewhere it ends an abbreviation.
    (re.compile(r"\b(neg|pos|no)\.(?= [^\d]|$)"), r"\1 ."),
    (re.compile(r"\b(differentiation|grade|diff) ?:? mod\.(?= (?!diff|to\b))"), r"\1 moderate ."),
    (
        re.compile(
            r"\bdiff\.(?= (?!adenoca|carcinoma|tumor|ca\b|cancer|metasta|mets|colorectal|مت|آدنو))"
        ),
        "diff .",
    ),
    (re.compile(r"(?<=[a-z0-9\u0600-\u06ff%)]) [/|] (?=[a-z\u0600-\u06ff])"), " ; "),
    (re.compile(r"(?<=[a-z\u0600-\u06ff%)])\.(?=[a-z\u0600-\u06ff])"), " . "),
    (re.compile(r"\bx(?=\d)|(?<=\d)x\b"), " x "),
    (re.compile(r"(?<=[:=] ),(?=\d)"), "0."),
    (re.compile(r"\bmarg\b\.?"), "margin"),
    (re.compile(r"\bdiam\b\.?"), "diameter"),
    (re.compile(r"[✓✔☑]"), " positive "),
    (re.compile(r"[✗✘☒]"), " negative "),
    (re.compile(r"\bcomes? (?:up )?to (?=\d)"), "at a distance of "),
    (
        re.compile(r"(?:^|(?<=[;,.] ))\+ ?(?=(?:lvi|lvsi|pni|lymphovascular|perineural)\b)"),
        "positive for ",
    ),
    (re.compile(r"(?:^|(?<=[;,.] ))-(?=(?:lvi|lvsi|pni) *(?:[;,.]|$))"), "no "),
    # "امکان ... وجود ندارد" stands around what it is said of.
    (
        re.compile(
            r"امکان (?:بررسی|ارزیابی|تعیین|گزارش|اظهار ?نظر|اندازه گیری|قضاوت)"
            r"(?: دقیق)?(?: در مورد| درباره)? ([^.,;]{2,40}?) "
            r"(?:وجود ندارد|وجود نداشت|نیست|نبود|نمی باشد|میسر نیست|فراهم نیست|فراهم نشد)"
        ),
        r"\1 قابل ارزیابی نیست",
    ),
    # "Not identified but lymphovascular invasion is".
    (
        re.compile(
            r"(?<=not )(identified|seen|present|found|noted|detected)(,? but (?:[^.,;:]{3,40}?) "
            r"(?:is|was|are))(?= ?(?:[.;,]|$))"
        ),
        r"\1\2 \1",
    ),
    # "Thermal artifact at the edge, so ... is indeterminate".
    (
        re.compile(r"(?:^|(?<=[.;] ))[^.,;]*\b(?:artefact|artifact)s?\b[^.,;]*, (?:so|hence) "),
        "",
    ),
    (re.compile(r"\bno (info|information|data|details) about\b"), r"no \1 on"),
    (re.compile(r"\bsmallest (?=(?:distance|clearance)\b)"), "closest "),
    (re.compile(r"کوچک ?ترین (?=(?:فاصله|حاشیه|مارژین|مارجین))"), "نزدیکترین "),
    (
        re.compile(
            r"\bmargin (?:of|to|for) the (?:nearest|closest) (?:lesion|nodule|tumor|metastasis)\b"
        ),
        "closest margin",
    ),
    # "Minimal residual tumor (less than 5 % viable)".
    (re.compile(r"\bminimal (?=residual (?:viable )?tumor \()"), ""),
    # "Involved by the bigger one".
    (
        re.compile(
            r"\bby the (?:bigger|larger|largest|biggest|smaller|main|dominant)"
            r" (?:one|nodule|lesion|tumor|deposit|metastasis|mass)\b"
        ),
        "by tumor",
    ),
    # "Seen at the periphery of a 36 mm, moderately differentiated deposit".
    (re.compile(r"\b(?:at|in|within) the (?:periphery|edge|center) of an? (?=\d)"), "; "),
    (
        re.compile(
            r"(?<=[cm]m), "
            r"(?=(?:well|moderately|poorly) differentiated (?:deposit|nodule|mass))"
        ),
        " ",
    ),
    # What is to be done about a doubt.
    (
        re.compile(
            r"[,;(-] ?(?:s ?100|ihc|d2 40|elastic|evg|cd ?3[14]|deeper levels?|stains?"
            r"|special stains?)[^,.;)]*?"
            r"\b(?:pending|requested|awaited|recommended|advised|suggested|ordered)\b\)?"
        ),
        "",
    ),
    (
        re.compile(r"(?:[,;]|\bو) ?(?:نیاز به|توصیه به|جهت) (?:رنگ|ihc|بررسی|ایمونو|انجام)[^,.;]*"),
        "",
    ),
    # Where it was seen.
    (
        re.compile(
            r"\b(?:in|on) (?:(?:any|all|most|multiple|several|these|the|of|examined|submitted) ?)*"
            r"(?:blocks|sections|slides|levels)(?: examined| submitted| supplied| studied)?\b"
        ),
        "",
    ),
    (re.compile(r"(?<!\w)در (?:برش|مقطع|اسلاید|لام) ?(?:های|ها) متعدد(?!\w)"), ""),
    (re.compile(r"\b(?:in|on) (?:slice|block|section|slide|cassette) [a-z]?\d+\b"), ""),
    (
        re.compile(
            r"\b(?:بیش از |کمتر از |حدود |تقریبا )?(?:دو سوم|یک سوم|نیمی|نصف|یک چهارم|سه چهارم)"
            r"(?:(?: از \w+)? (?=\()| (?=[^.,;()]{0,30}\(\d))"
        ),
        "",
    ),
    # What the percent behind it tells exactly, and of how many lesions or after how much therapy.
    (
        re.compile(
            r"(?:\b(?:about|approximately|roughly|around|nearly|almost) )?"
            r"\b(?:(?:one|a|two|three) (?:quarter|third)s?|(?:one )?half) (?=of [^.,;]*\(\d|\(\d)"
        ),
        "",
    ),
    (
        re.compile(
            r"\b(?:after|following|post) (?:\d+|\w+) (?:cycles?|courses?|months?|weeks?|doses?)"
            r"(?: of (?:chemotherapy|chemo|therapy|treatment|folfox|folfiri|xelox|capox))?"
        ),
        "",
    ),
    (
        re.compile(
            r"\b(?:of|in) (?:all|both)(?: of)?(?: the)?(?: (?:two|three|four|five|six|\d))?"
            r" (?:lesions|nodules|metastases|deposits|foci|mets|tumors)\b"
        ),
        "",
    ),
]

# By which words lesions are told one by one.
LETTER_OF = {
    **dict.fromkeys(("first", "1st", "one", "larger", "bigger", "اول", "یک", "بزرگتر"), "a"),
    **dict.fromkeys(("second", "2nd", "other", "another", "smaller", "دوم", "دیگر"), "b"),
    **dict.fromkeys(("دیگری", "کوچکتر"), "b"),
    **dict.fromkeys(("third", "3rd", "سوم"), "c"),
    **dict.fromkeys(("fourth", "4th", "چهارم"), "d"),
}
LESION_OF_SEVERAL = re.compile(
    r"\b(?:the |an? )?(first|1st|one|second|2nd|other|another|third|3rd|fourth|4th|larger|bigger"
    r"|smaller) (?:metastatic )?(?:nodule|lesion|metastasis|met|deposit|focus|mass|tumor)\b"
    r"(?! (?:free|margin is free|bed|cells?)\b)"
    r"|\b(?:ندول|ضایعه|توده|تومور|کانون|متاستاز) (?:ی )?"
    r"(اول|دوم|سوم|چهارم|دیگری|دیگر|بزرگتر|کوچکتر)\b"
    r"|\b(یک) (?:ندول|ضایعه|توده|تومور|کانون|متاستاز)\b"
)
OTHER_ALONE = re.compile(
    r"\b(?:the )?(first|second|third|fourth|another|(?<=the )(?:other|smaller|larger))"
    r"(?: one)?(?= ?(?:[:,;.()]|$|\d|and\b|is\b|was\b|has\b|shows\b|measures\b|of \d|at \d))"
    r"|\b(دیگری)(?= )"
)
WIDTH_OF_LESION = re.compile(
    r"((?:[<>]=? ?)?\d[\d.]* ?(?:[mc]m|%|percent|میلی متر|سانتی متر|درصد))"
    r" (?:for|in|of|from|at|برای|در) (?:the )?nodule ([abcd])\b"
)


def _unnumbered(text: str) -> str:
    """A numbered list as sentences: "1. Margin free 2. LVI absent"."""
    at, number = 0, 1
    while match := re.compile(rf"(?<![\d.]){number} ?[.)-] (?=\D)").search(text, at):
        if number == 1 and match.start():
            break
        text = text[: match.start()] + "; " + text[match.end() :]
        at, number = match.start() + 2, number + 1
    return text


def _lettered(text: str) -> str:
    """Lesions that are told one by one, with letters: "first nodule", "the other" as "nodule b"."""
    named = {_letter(match) for match in LESION_OF_SEVERAL.finditer(text)}
    alone = {_letter(match) for match in OTHER_ALONE.finditer(text)}
    if not named or len(named | alone) < 2:
        return text
    for pattern in (LESION_OF_SEVERAL, OTHER_ALONE):
        text = pattern.sub(lambda match: f"nodule {_letter(match)}", text)
    if len(WIDTH_OF_LESION.findall(text)) > 1:
        # "9 mm for the first and 3 mm for the second".
        text = WIDTH_OF_LESION.sub(r"nodule \2 \1", text)
    return text


def _letter(match: re.Match[str]) -> str:
    return LETTER_OF[next(name for name in match.groups() if name)]


def sentences_of(text: str) -> list[list[Lexeme]]:
    """The sentences of a normalized comment, each as the phrases of the lexicon of comments."""
    text = _lettered(_unnumbered(text))
    for pattern, replacement in REWRITES:
        text = pattern.sub(replacement, text)
    sentences: list[list[Lexeme]] = [[]]
    for lexeme in lexicon_of("comment").lexemes(tokens_of(text)):
        if lexeme.kind == "mark" and lexeme.text in STOPS:
            sentences.append([])
        else:
            sentences[-1].append(lexeme)
    return [
        _without_asides(_without_reasons(_without_specimen(sentence)))
        for sentence in sentences
        if sentence
    ]


def _without_specimen(sentence: list[Lexeme]) -> list[Lexeme]:
    """Without what names the specimen of a lesion: "liver wedge: nodule", "wedge with a nodule"."""
    held = next((at for at, x in enumerate(sentence) if x.kind == "split"), 0)
    if "specimen" in {x.kind for x in sentence[:held]} <= LABELED | {"compare", "side"}:
        behind = [x.kind for x in sentence[held + 1 :] if x.kind != "fill"]
        if behind[:3] == ["number", "unit", "lesion"]:
            return sentence[held + 1 :]
    at = next((at for at, x in enumerate(sentence) if x.text == ":"), 0)
    label = {x.kind for x in sentence[:at]}
    follows = sentence[at + 1].kind if at + 1 < len(sentence) else ""
    is_label = "specimen" in label and label <= LABELED and follows in ("lesion", "largest")
    return sentence[at + 1 :] if is_label else sentence


def _without_asides(sentence: list[Lexeme]) -> list[Lexeme]:
    """Without what is told in brackets of another time or means: "35 mm (50 mm on CT)"."""
    kept: list[Lexeme] = []
    at = 0
    while at < len(sentence):
        end = next((i for i in range(at, len(sentence)) if sentence[i].text == ")"), -1)
        inside = sentence[at : end + 1] if sentence[at].text == "(" and end > at else []
        kinds = {x.kind for x in inside}
        if kinds & {"time", "means"} and "number" in kinds:
            at = end + 1
            continue
        kept.append(sentence[at])
        at += 1
    return kept


def _without_leading_reason(sentence: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Without a reason that begins a sentence, where no pause ends it: up to the last name."""
    is_led = bool(sentence) and sentence[0].kind == "cause"
    if not is_led or any(x.text in PAUSES for x in sentence):
        return sentence
    names = [at for at, x in enumerate(sentence) if x.kind == "topic"]
    return sentence[names[-1] :] if names else sentence


def _without_reasons(sentence: Sequence[Lexeme]) -> list[Lexeme]:
    """Without why something cannot be told: "since prior therapy is unknown"."""
    if not any(x.kind in ("unassessable", "unstated") for x in sentence):
        return list(sentence)
    sentence = _without_leading_reason(sentence)
    kept: list[Lexeme] = []
    kinds: set[str] = set()
    is_reason = is_behind = False
    for lexeme in sentence:
        if lexeme.kind == "cause" or (is_behind and lexeme.text in ("after", "following")):
            is_reason = True
        elif lexeme.text in (",", ")") or (lexeme.kind in OPEN and not OPEN & kinds):
            is_reason = is_behind = False
        elif lexeme.kind == "topic" or lexeme.text in PAUSES:
            is_behind = False
        if not (is_reason or is_behind):
            kept.append(lexeme)
            kinds.add(lexeme.kind)
        # Behind what cannot be told stands why.
        is_behind = is_behind or lexeme.kind == "unassessable"
    return kept
