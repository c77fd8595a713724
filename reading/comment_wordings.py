"""Wordings of comments that are said in one way, before the text is taken apart.

Each pattern stands for a class of wordings that say the same as another one does, or that change
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reading.comment_spelling import LENGTH, LESION
from reading.wordings import Wordings

PERSIAN_NAMES = r"(?:لنفوواسکولار|نورال|عصبی|عروقی|مارژین|عروق|عصب)"
LENGTH_OR_RANGE = rf"(?:\d[\d.]* ?(?:-|تا) ?)?{LENGTH}"
SIGN = {"+": "positive", "-": "negative"}
TISSUE = r"(?:parenchyma|tissue|liver)"
SIDE = (
    r"(?:deep|medial|lateral|anterior|posterior|superior|inferior|cranial|caudal|left|right"
    r"|upper|lower|عمقی|سطحی|جانبی|داخلی|خارجی|قدامی|خلفی|فوقانی|تحتانی|راست|چپ)"
)

VESSEL = (
    r"(?:(?:left|right|middle|main|inferior|retrohepatic|major|large|intrahepatic) )*"
    r"(?:hepatic (?:veins?|artery)|portal (?:veins?|pedicle|branch|structures?|triad)|[rml]hv|ivc"
    r"|(?:vena )?cava|caval|glisson(?:ian|ean)? (?:pedicle|sheath)|vascular pedicle|pedicle"
    r"|pv|vessels?|veins?)(?: wall| branch| pedicle| surface)?"
)

# The words for a tumor that was taken off a vessel, and for a margin that is not one.
MARGINS: list[tuple[str, str]] = [
    (
        rf"\b(?:lies|is|situated|located|lying) (?:situated |located )?at (?={LENGTH})",
        "is at a distance of ",
    ),
    (r",? but (?:does|do|did) not (?:cross|breach|transect|extend beyond|go through)", ""),
    (
        r"\b(free|clear|negative|uninvolved),? (?:but |though |albeit )?(?:only|just|barely) by ",
        r"\1 by ",
    ),
    # What the eye saw, where the microscope measures.
    (
        r"(?:^|(?<=[.;] ))(?:gross margins?|margins? (?:are |is )?grossly)\b[^.;]*[.;] "
        r"(?=[^.]*\b(?:micro|histolog))",
        "margin , ",
    ),
    (
        r"(?:(?:,|and|which) )?(?:(?:abut|adher|attach|touch|contact|invad|involv|encroach)\w*"
        r"(?: to| on| with)? (?:the )?)?"
        rf"(?<!not )\b{VESSEL},? (?:and was|from which it (?:was|had to be)) "
        r"(?:dissected|detached|peeled|stripped|shaved|separated|freed)(?: (?:free|off|away"
        r"|from it))*",
        ", detached from vessel",
    ),
    (
        r"\b(?:(?:blue|black|green|yellow|red|orange) )?(?:inked|diathermied|diathermy"
        r"|cauteri[sz]ed"
        rf"|stapled|painted|transected)(?: {SIDE})? (?:surface|face|plane|edge)\b",
        "resection margin",
    ),
    (
        r"[,;(] ?(?:which is )?not (?:a|the)(?: true| real| resection"
        r"| surgical)* margins?(?: surface)?\)?",
        "",
    ),
    (
        r"\b(?:detached|peeled|stripped|shaved|dissected|skeletoni[sz]ed|freed|lifted)(?: away)?"
        rf" (?:off|from)(?: of| from)?(?: the| its)?(?: (?:wall|surface"
        rf"|adventitia) of(?: the)?)? {VESSEL}",
        "detached from vessel",
    ),
    (r"\bp(?=r[012]\b)", ""),
    (
        r"\br1 (?:due to|because of|from) vascular (?:contact|abutment|detachment"
        r"|dissection)\b",
        "r1 vascular",
    ),
    # How far a margin is involved along its length is no distance.
    (
        rf"\b((?:involved|positive|transected|at ink|on ink)[^.;,()]{{0,30}}?) (?:over"
        rf"|along|for|across)"
        r"(?: an?| the| its)?(?: (?:linear|maximum|total|cumulative|approximate))*"
        r"(?: (?:length|front|distance|extent|width|segment|area|span|stretch) of)?"
        rf"(?: about| approximately| approx\.?| ~)? ?{LENGTH}"
        r"(?: (?:front|length|segment|stretch|area|in length|in extent|long|of (?:its"
        r"|the) length))?",
        r"\1",
    ),
    # "Involves the capsule but not the margin".
    (
        r",? but not (?:the )?((?:(?:surgical|resection|parenchymal|transection|cut) )*"
        r"(?:margins?|edge|surface))\b",
        r" , \1 not involved",
    ),
]
# Short forms, and what stands in brackets beside the name that it repeats.
NAMES: list[tuple[str, str]] = [
    # What the pathologist calls a thing it is.
    (
        r"(?:,? ?\bwhich )?\b(?:we|i)(?: would| have| must| can)? (?:regard(?:ed)?|call(?:ed)?"
        r"|classif(?:y|ied)|consider(?:ed)?|interpret(?:ed)?|assign(?:ed)?|graded?|scored?)"
        r"(?: (?:this|it|these))?(?: (?:as|to be|to))?(?: (?:an?|the))? ",
        " , ",
    ),
    # What is to be done.
    (
        r"[,;-]? ?\b(?:(?:suggest|recommend|advise|for|discuss|refer|rv|review)(?:ed"
        r"|ion)?(?: at| in| to| with)?|d/w)"
        r" (?:the )?(?:mdt|mdm|tumor board|clinical correlation|correlation|surgeon|clinical team)"
        r"(?: (?:discussion|meeting|review))?\b",
        " ; ",
    ),
    (r"\b(mets|metastases|nodules|lesions|deposits|tumors) ?x ?\d+(?= ?[(:,])", r"\1"),
    (
        r"(?<!\w)قابل (?:ارزیابی|بررسی|تعیین|گزارش|اظهار ?نظر|قضاوت)(?: از نظر| برای| در مورد)? "
        r"([^.,;]{2,40}?) (?:نیست|نبود|نمی باشد)",
        r"\1 قابل ارزیابی نیست",
    ),
    (r"(?<=tumor) until (?=(?:the )?(?:\w+ )?(?:margin|edge))", " to "),
    (
        r" (?:seen|found|located|present|identified) (?:beneath|under|below|deep to|near|close to"
        r"|adjacent to|just under) (?:the )?(?:(?:liver|hepatic|glisson\W?s?"
        r"|glissonian) )?capsule\b",
        "",
    ),
    # What holds of any margin is not of this one.
    (
        r"\bmargins? (?:of )?(?:under|less than|below|<"
        r"|within) ?\d[^.;]*\b(?:by definition|considered"
        r"|regarded|defined|counts? as|classed)\b[^.;]*",
        "",
    ),
    (r"\bin (?:my|our) (?:opinion|view|judg\w+)\b,?", ""),
    (r"\b(?:would|will) be (?=(?:an? )?(?:\d|(?:complete|partial|minor|major|poor) ))", "is "),
    (
        r",? (?:amounting to|representing|constituting|indicating|i ?e"
        r"|ie) ((?:perineural|lymphovascular"
        r"|vascular|venous|lymphatic) invasion)\b",
        r" , \1 present",
    ),
    (
        r"\bsuspicion of ([^.,;]{3,40}?) (?:on|in|at) [^.,;]{2,20} (?:was |is )?not (?:confirmed"
        r"|substantiated|supported)\b",
        r"\1 absent",
    ),
    (
        r"\bcompared (?:with|to) (?:the )?(?:previous |prior )?(?:biopsy|biopsies"
        r"|primary)(?: tumor)?,",
        "",
    ),
    (r"\b(nearest|closest) of (?:them|these|which|all)\b", r"\1"),
    # English words in Persian letters.
    (r"(?<!\w)(?:مودریت|مدریت|مدرت)(?:لی)? ?دیفرن\w+", "تمایز متوسط"),
    (r"(?<!\w)ول ?دیفرن\w+", "تمایز خوب"),
    (r"(?<!\w)پور(?:لی)? ?دیفرن\w+", "تمایز ضعیف"),
    (
        r"\(((?:about |approximately |~ ?)?\d+ ?%)\) (?:(?:still|remains?|remaining|is"
        r"|are|was) )*viable",
        r"\1 viable",
    ),
    (
        r", (?:as )?(?:measured|assessed|estimated|judged|examined) (?:[a-z]+ ){1,6}?[a-z]+,"
        r" (?=[^.;]*\d)",
        " ",
    ),
    (r"\b(lvs?i|pni) ?[:=]? ?(?:1|y)(?= *(?:[,;.)]|$| pni| lvs?i))", r"\1 present"),
    (r"\b(lvs?i|pni) ?[:=]? ?n(?= *(?:[,;.)]|$| pni| lvs?i))", r"\1 absent"),
    (
        r"\b(?:deeper|further|additional|step) (?:levels|sections|cuts|blocks) (?:(?:show|reveal"
        r"|demonstrate|disclose)(?:s|ed)?) (?=[^.,;]*invasion)",
        "there is ",
    ),
    (r"(?<=grade) (?:remains|stays) ", " is "),
    (r"\b(thrombus|thrombi|embolus|emboli) of tumor\b", r"tumor \1"),
    (r",? ?\bdespite (?:[a-z]+ ){0,3}(?:levels|sections|blocks|sampling|search)\b", ""),
    (
        r" but (?:does |do |is |did )?not (?:involve|involving|reach)(?: it)?\b",
        ", margin not involved",
    ),
    (
        r"\b(?:macroscopically|grossly)[^.;,]*\b(?:margin|clearance)\b[^.;,]*[,;] (?:but |and )?"
        r"(?=(?:microscopically|histologically)\b)",
        "margin ",
    ),
    (r"\bpreviously (?:described|noted|seen|known) (?=scar|lesion|nodule|mass|tumor)", ""),
    (r" را (?:ت[اأ]یید|ثابت) (?:کرد|می ?کند|نمود)", " دیده شد"),
    (r",? (?:in particular|specifically|notably|namely),? ", " ; "),
    (
        r" (?:to|after|following|on|under) (?:neoadjuvant |preoperative |systemic |\d+ cycles of )*"
        r"(?:folfox|folfiri|folfoxiri|xelox|capox|bevacizumab|cetuximab)\w*"
        r"(?: ?(?:\+|/|and|plus) ?(?:bevacizumab|cetuximab|panitumumab|bev))?",
        "",
    ),
    (r"(?<!\w)(?:در )?(?:زمان|حین) (?:جراحی|عمل) [^.,;]*? (?:ولی|اما) ", ""),
    (r"\b(lvs?i|pni) ?[:=]? ?(?:0|ni)(?![\w.])", r"\1 absent"),
    (r"(?<=[cm]m )\(s([1-8])[ab]?\)|\bin s([1-8])[ab]?\b", r"in segment \1\2"),
    (
        r"(?<!\w)نه (تهاجم [^.;]*?) و نه (تهاجم [^.;]*?) (?:دیده|مشاهده|یافت) (?:نشد|شد)",
        r"بدون \1 و \2",
    ),
    # A heading that names the specimen.
    (r"\bwd (?=(?:adeno)?c|tumor)", "well differentiated "),
    (r"\bmd (?=(?:adeno)?c|tumor)", "moderately differentiated "),
    (r"\bpd (?=(?:adeno)?c|tumor)", "poorly differentiated "),
    (
        r"\b(?:possible|suspected|questionable|suspicious) ([^.,;]{3,60}?) (?:was|is|were|are)"
        r" (?:not (?:confirmed|substantiated|supported)|excluded|ruled out)\b",
        r"\1 absent",
    ),
    (
        r"(?:,| which (?:was|were)) (?:which (?:was|were) )?not (?:appreciated|seen|visible"
        r"|evident|identified|apparent)"
        r" (?:on|in|with) (?:the )?(?:h ?& ?e|routine|original|initial|first)[^.,;]*",
        "",
    ),
    (r" (?:حاوی|دارای|شامل) (?=(?:یک )?(?:توده|ندول|ضایعه|تومور|متاستاز))", " . "),
    # Of lesions that range the largest counts.
    (
        r"\b(nodules|lesions|deposits|metastases|mets|foci|tumors|متاستاز ?ها|ندول ?ها"
        r"|ضایعات|توده ?ها)"
        r"((?: (?!from|از|margin)[^\W\d]+){0,3}?)(?<!from)(?<!between)(?<!از)(?<!بین)"
        r" (?=\d[\d.]*(?: ?[mc]m)? ?(?:-|to|تا) ?\d[\d.]* ?(?:[mc]m|میلی|سانت)(?! (?:from"
        r"|away|از)))",
        r"\1\2 ranging from ",
    ),
    (
        # "A margin under 1 mm is considered positive" tells of no margin.
        r"(?<![cm]m)(?<![cm]m is),? \b(?:considered|regarded as|deemed|designated|reported as)"
        r"(?: to be| as)? (?=(?:involved|positive|r[012]|negative|free|clear)\b)",
        " ",
    ),
    (r"\bve ?([+-])", r"\1ve"),
    (
        r"\b(?:an? |the )?(?:d2[ -]?40|cd ?3[14]|elastic|elastin|evg|vvg|s ?-?100"
        r"|special)?(?: and )?"
        r" ?(?:(?:immuno)?stain(?:s|ing)?|immunohistochemistry|d2[ -]?40|cd ?3[14]|s ?-?100) "
        r"(?:(?:demonstrate|highlight|show|confirm|reveal)(?:s|ed)?|identif(?:y|ies|ied)) "
        r"(?=[^.,;]*(?:invasion|infiltration|permeation|emboli|thromb))",
        "there is ",
    ),
    (r"\bspec\b\.?", "specimen"),
    (r",? ?including (?:its|the|all|their) satellites?(?: nodules?)?,?", ""),
    (r"(عروق|اعصاب|عصب)(?: [^\W\d]+)? را (?:درگیر|گرفتار) نکرده(?: است)?", r"درگیری \1 ندارد"),
    (r"(?<=vessel) \((?:venous|vein|lymphatic|capillary|l|v)\)(?= (?:invasion|involvement))", ""),
    (r"\b(?:l|lymphatic) ?(and|or|/|&) ?(?:v|venous) invasion\b", r"lymphatic \1 venous invasion"),
    (r"\bregress(?:ion|ive) changes\b", "regression"),
    (
        r",? ?(?:with|and) (?:focal |some |areas of |partial )*(?:neuroendocrine|squamous"
        r"|signet ring"
        r"|mucinous)(?: cell)? (?:differentiation|features)\b(?: \([^)]*\))?",
        "",
    ),
    (
        r"(عروق|اعصاب|عصب|مارژین|حاشیه)(?: [^\W\d]+)? را (?:درگیر|گرفتار) (?:کرده|نموده)(?: است)?",
        r"درگیری \1 دارد",
    ),
]
REWRITES: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    # A length before "away from" is how far, whatever it follows ("tumor 2 mm with the edge has
    # distance"); behind a pause it may be either.
    (
        r"(?<!\w)(تومور|ضایعه|متاستاز|ندول|توده|کانون|که|و) "
        rf"((?:کمتر از |بیش از |بیشتر از |حداقل |حدود )?{LENGTH})(?<!ی) (?:از|با|تا|نسبت به) "
        r"((?:(?!و )[^\d\W]+ ){1,4}?)فاصله (?:دارد|داشت|داشته است)",
        r"\1 در فاصله \2 از \3",
    ),
    (
        rf"{LENGTH}, (?=(?:از|با|تا|نسبت به) (?:(?!و )[^\d\W]+ ){{1,4}}?فاصله (?:دارد|داشت))",
        ", ",
    ),
    (
        rf"(?<!\w)در ({LENGTH}) (?:از )?(?=(?:لبه|حاشیه|مارژین|مارجین|خط برش|سطح برش)(?!\w))",
        r"در فاصله \1 از ",
    ),
    ((rf"{LENGTH}, (?=(?:well |just )?(?:away|distant|apart|remote) from)"), ", "),
    (
        rf"(?<=[cm]m) of (?:(?!tumor|necro|viable|neopl)[a-z]+ ){{0,3}}?{TISSUE}(?: [a-z]+)? "
        r"(?:separates?|separated|separating|(?:lies |lie |is |are )?(?:seen |present )?between"
        r"|intervenes? between) (?:the )?"
        r"(?:tumor|lesion|metastasis|nodule|mass|deposit) (?:from|and) ",
        " from ",
    ),
    # How much of the liver lies around a tumor is not its size.
    (
        rf"{LENGTH} of (?:(?!tumor|necro|viable|neopl)[a-z]+ ){{0,3}}?{TISSUE}"
        rf" (?:around|about|surrounds|surrounding) (?:the )?{LESION}\b",
        "",
    ),
    (
        r"(?<=متر) (?:از )?(?:پارانشیم|بافت|نسج|کبد)(?: کبد| کبدی)?(?: سالم| نرمال| طبیعی)? "
        r"(?:بین|میان) (?:تومور|ضایعه|ندول|توده|متاستاز) و ",
        " فاصله تا ",
    ),
    (
        r"(?:^|(?<=[,;.(] ))(clear|free|cleared) by (?=(?:at least )?\d)",
        r"margin \1 by ",
    ),
    # Both sides are all that was asked.
    (
        rf"\bهر دو (حاشیه|مارژین|مارجین|لبه)(?: ی| های| ها)? {SIDE} و {SIDE}(?!\w)",
        r"هر دو \1",
    ),
    # "The cut surface shows a nodule": what is seen there is no margin.
    (
        r"(?:\b(?:the )?cut (?:surface|section)s?|(?:^|(?<=[.;] ))section)"
        r"(?: of (?:the )?(?:resected )?(?:liver|specimen|wedge|tissue))? "
        r"(?:shows?|showed|reveals?|revealed|demonstrates?|discloses?|displays?|contains?"
        r"|contained|exhibits?|has|had) ",
        "",
    ),
    (r", (?=respectively\b|به ترتیب)", " "),
    # "The deep one at 3 mm": which side is the closest.
    (
        rf"\b((?:closest|nearest) (?:margin|edge)) (?:is|was) (?:the )?{SIDE}"
        r"(?: one| margin| edge)?,? "
        r"(?:(?:at|and measures|which measures|measuring|with|which is|being) )?(?=\d)",
        r"\1 ",
    ),
    (
        r"\b((?:closest|nearest|minimum|minimal|shortest) distance"
        rf"[^.,;()]{{0,20}}{LENGTH}) \((?:the )?{SIDE}(?: margin)?\)",
        r"\1 to the margin",
    ),
    # "The margin is at 2 mm of the tumor".
    (
        rf"(?<!\w)و ({LENGTH})(?<=ی) (?:از )?(?=(?:تومور|ضایعه|ندول|توده)(?!\w))",
        r"و فاصله \1 از ",
    ),
    # Of several the largest, and no bound.
    (
        r"\b(nodules|lesions|deposits|metastases|masses|foci|tumors),? "
        rf"(?:(?:measuring|of|are|were|is) )?up to (?={LENGTH})",
        r"\1 , largest ",
    ),
    # What lies beside the metastasis.
    (r"(?<=متری) یک (?=کیست|همانژیوم|گرانولوم|آدنوم|هامارتوم)", ", "),
    # "LVI + and PNI -".
    (
        r"(?:^|(?<=[,;.] ))((?:[^\d\W]+ ){1,3})([+-]) (?:و|and) ((?:[^\d\W]+ ?){1,3}) ?([+-])"
        r"(?= *(?:[,;.]|$))",
        lambda m: f"{m[1]}{SIGN[m[2]]} , {m[3].strip()} {SIGN[m[4]]}",
    ),
    # What is not viable needs no other name.
    (
        r",? ?(?:و )?(?:بقیه|مابقی)(?: آن)? (?:نکروتیک|نکروز|فیبروز|فیبروتیک)"
        r"(?: است| می ?باشد| بود)?(?!\w)",
        "",
    ),
    # "With PNI and without LVI".
    (
        r"\bwith ((?:focal |extensive )?(?:lvs?i|pni"
        r"|(?:perineural|lymphovascular|vascular|venous|lymphatic) invasion)) "
        r"(?:and|but) (?:without|no|with no) ",
        r"with \1 present , no ",
    ),
    # A number in words with its figure.
    (
        r"\b(?:(one|یک)|(two|دو)|(three|سه)|(four|چهار)|(five|پنج)) ?\((\d)\)",
        lambda m: m[6] if m.lastindex == 6 and m[int(m[6])] else m[0],
    ),
    (r"(?<![\w.])\+ ?(?=(?:است|می ?باشد|بود|شد)(?!\w))", "positive "),
    # What was seen during the operation, where the microscope says the same.
    (
        r"\bfrozen(?: sections?)? (?:of |on |from )?"
        r"(?=[^.;]*(?<!not )\bconfirmed (?:on|by|in|with) (?:the )?(?:permanent|paraffin))",
        "",
    ),
    # What is left.
    (r"(?<!\w)بقایای (?=تومور)", "باقیمانده "),
    # "Partial" in Persian may be "minor" too: the grade beside it tells.
    (
        r"(?<=پاسخ )(?:جزئی|جزیی|نسبی) (?=\(?(?:cap ?:? ?[12]|mandard ?:? ?[23])(?!\d))",
        "",
    ),
    (r"\blvi ?/ ?pni\b", "lvi or pni"),
    (
        rf"(:|\b(?:lvi|lvsi|pni|invasion|margins?|{PERSIAN_NAMES})) ?-(?= ?(?:[,;.)]|$))",
        r"\1 negative",
    ),
    (r"(?<!\w)(?:در )?(?:فروزن|frozen) (?:و|and) (?:پرماننت|permanent)(?: sections?)?,? ", ""),
    (
        rf"(?<!\w)(?:بین )?({LENGTH_OR_RANGE}) (?:با|از) ((?=لبه|حاشیه|مارژین|مارجین|خط"
        rf"|سطح)(?:[^\d\W]+ ){{1,3}})فاصله دارد",
        r"\2 فاصله \1",
    ),
    (r"(?<!\w)یک (?=میلی|سانت)", "1 "),
    (r"[;,] به ترتیب (?=\d)", " به ترتیب "),
    # A full stop behind these words ends a sentence, though elsewhere it ends an abbreviation.
    (
        r"\bdiff\.(?= (?!adenoca|carcinoma|tumor|ca\b|cancer|metasta|mets|colorectal|مت|آدنو))",
        "diff .",
    ),
    (r"(?<=[a-z0-9\u0600-\u06ff%)+-]) [/|] (?=[a-z\u0600-\u06ff])", " ; "),
    (r"[✗✘☒]", " negative "),
    (
        r"(?:^|(?<=[;,.] ))\+ ?(?=(?:lvi|lvsi|pni|lymphovascular|perineural)\b)",
        "positive for ",
    ),
    (r"(?:^|(?<=[;,.] ))-(?=(?:lvi|lvsi|pni) *(?:[;,.]|$))", "no "),
    (r"\b(?<!not )(?:entirely|fully|completely|wholly|totally) viable\b", "100 % viable"),
    # "Not seen in the larger but in the smaller".
    (
        r"\b(not (?:seen|identified|present|found|noted|detected) in [^.,;:]{1,40},? but )"
        r"(?=(?:only )?in )",
        r"\1present ",
    ),
    # "The lesion, 12 mm, is at the margin".
    (
        r"([cm]m[,)]*) (?:is|was|lies|sits)(?: located| situated)? "
        r"(?=at (?:the )?(?:\w+ )?margin(?: *[.,;]| *$))",
        r"\1 ; tumor ",
    ),
    # Which lesion it is: how far it is from the margin is not told.
    (
        rf"\b{LESION} (?:closest|nearest)(?: to)? (?:the )?(?:\w+ )?margin"
        r"(?=,? (?:is|was|measures|measured|measuring)(?: about)? \d)",
        "smaller nodule",
    ),
    # "Not identified but lymphovascular invasion is".
    (
        r"(?<=not )(identified|seen|present|found|noted|detected)(,? but (?:[^.,;:]{3,40}?) "
        r"(?:is|was|are))(?= ?(?:[.;,]|$))",
        r"\1\2 \1",
    ),
    (r"\bsmallest (?=(?:distance|clearance)\b)", "closest "),
    # "Involved by the bigger one".
    (
        r"\bby the (?:bigger|larger|largest|biggest|smaller|main|dominant)"
        r" (?:one|nodule|lesion|tumor|deposit|metastasis|mass)\b",
        "by tumor",
    ),
    # "Seen at the periphery of a 36 mm, moderately differentiated deposit".
    (r"\b(?:at|in|within) the (?:periphery|edge|center) of an? (?=\d)", "; "),
    (
        r"(?<=[cm]m), "
        r"(?=(?:well|moderately|poorly) differentiated (?:deposit|nodule|mass))",
        " ",
    ),
    # What is to be done about a doubt.
    (
        r"[,;(-] ?(?:s ?100|ihc|d2 40|elastic|evg|cd ?3[14]|deeper levels?|stains?"
        r"|special stains?)[^,.;)]*?"
        r"\b(?:pending|requested|awaited|recommended|advised|suggested|ordered)\b\)?",
        "",
    ),
    (
        r"\b(?:بیش از |کمتر از |حدود |تقریبا )?(?:دو سوم|یک سوم|نیمی|نصف|یک چهارم|سه چهارم)"
        r"(?:(?: از \w+)? (?=\()| (?=[^.,;()]{0,30}\(\d))",
        "",
    ),
    # What the percent behind it tells exactly, and of how many lesions or after how much therapy.
    (
        r"(?:\b(?:about|approximately|roughly|around|nearly|almost) )?"
        r"\b(?:(?:one|a|two|three)[ -](?:quarter|third)s?|(?:one )?half)"
        r" (?=(?:of [^.,;]*)?\((?:about |approximately |approx\.? |~ ?)?\d)",
        "",
    ),
    (
        r"\b(?:after|following|post|despite) (?:\d+|\w+) (?:cycles?|courses?|months?|weeks?|doses?)"
        r"(?: of (?:chemotherapy|chemo|therapy|treatment|folfox|folfiri|xelox|capox))?",
        "",
    ),
]
WORDINGS = Wordings([*NAMES, *MARGINS, *REWRITES])


def in_one_wording(text: str) -> str:
    """The text with each of these wordings in the one way that is followed."""
    return WORDINGS.applied(text)
