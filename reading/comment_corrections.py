"""What a comment says of an earlier report, and on which slides a thing was seen.

The value that holds now is kept, the one that it replaces is left out. On how many slides, or of
how many lesions in all, a thing was seen changes nothing of it.
"""

from __future__ import annotations

from reading.comment_spelling import LENGTH
from reading.wordings import Wordings

NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
LESIONS = r"(?:lesions?|nodules?|metastas[ei]s|deposits?|mets?|tumou?rs?|masses)"
# A value, as it stands before and behind what tells that the second holds.
SCALED = r"(?:mandard|dworak|becker|ryan|cap|rubbia-brandt)(?: (?:trg|grade|score))? ?[0-5][ab]?"
VALUE = (
    rf"(?:{LENGTH}|\d[\d.]* ?%|[gr] ?[0-4]|(?:grade|trg) ?[0-5]"
    r"|not (?:identified|seen|present|detected)|negative|positive|absent|present|involved|free"
    rf"|clear|identified|(?:yes|no)(?= *(?:->|[.,;)]|$))|{SCALED}"
    r"|(?:complete|partial|poor) response"
    r"|(?:mild|moderate|severe|well|poor)(?:ly)?(?: differentiated| steatosis)?"
    r"|گرید ?\d|\d+ ?درصد|مثبت|منفی|درگیر|آزاد|خوب|متوسط|ضعیف|خفیف|شدید)(?!\w)"
)
CHANGED = r"(?:changed|revised|corrected|amended|updated|upgraded|downgraded|altered)"

# What a later report says of an earlier one: the value that holds now is kept.
CORRECTIONS: list[tuple[str, str]] = [
    (
        r"(?:\b(?:the )?(?:(?:original|initial|previous|earlier|overall|main) )?(?:diagnosis|rest"
        r"|remainder|report|gallbladder|everything else|other (?:findings|parameters"
        r"|items)|all else)"
        r"(?: of the (?:report|diagnosis|findings))?(?: (?:is|are|remains?|stands?|otherwise))*"
        r" (?:unchanged|stands|stand|as before|as previously|as issued))",
        "",
    ),
    (
        r"\b(?:typing|typographical|transcription|clerical) error(?: (?:is "
        r"|has been )?corrected)? ?:",
        "addendum :",
    ),
    (r"[\"“'][^\"“”]*[\"”'] (?:should (?:now )?read|should be|now reads|to read)(?: as)?:? ", ""),
    (
        r",? (?:(?:originally|previously) )?(?:given|stated|reported|recorded|quoted|issued) in the"
        r" (?:original|earlier|first|previous|initial) report(?: \([^)]*\))? (?:as|to be|was)"
        r" [^.,;()a-z]*(?:[mc]m|%)",
        "",
    ),
    # What stays as it was, is told again.
    (
        r"\b(?:(?:is|are|remains?|was) )?(?:otherwise )?unchanged(?: at|,? still"
        r"| :)? (?=[<>~]? ?\d)",
        "",
    ),
    (
        r",? (?:originally|previously|initially|formerly|earlier) (?:reported|given|stated"
        r"|issued|described"
        r"|called|signed out) (?:as|to be) [^.,;()]*,?",
        " ",
    ),
    # Which of several addenda it is: "second addendum: ".
    (
        r"\b(?:first|second|third|fourth|1st|2nd|3rd|4th|another|additional|further|new|final|last"
        r"|latest) (?=(?:addendum|amendment|correction|erratum|revision|supplement"
        r"|(?:amended|corrected|revised|supplementary|supplemental) report)\b)",
        "",
    ),
    # "Addendum #1 (special stain): ", "amended to include the LVI status: ".
    (
        r"\b(addendum|erratum|supplementary report|amendment|amended report|corrected report"
        r"|revised report|supplement)(?: report)?(?: no\.?| number)?"
        r" ?#? ?\d*(?: (?:dated|of|on) [\d/.-]+)?(?: \([^)]*\))? ?[:.-]",
        "addendum : ",
    ),
    (
        rf"\b(?:has been |have been |was |were |is )?{CHANGED} from [^.,;()]{{1,30}}? to ",
        "is ",
    ),
    # "Changed to 5 mm from 3 mm", "5 mm, corrected from 3 mm".
    (
        rf"\b(?:(?:has been|have been|was|were|is) )?{CHANGED} to ({VALUE}) from {VALUE}",
        r"is \1",
    ),
    (rf"[,;]? ?(\()?\b{CHANGED} from [^.,;()]{{1,40}}(?(1)\)|(?= *(?:[.,;)]|$)))", ""),
    # "Mandard 4 -> 2", "Mandard 4 changed to 2".
    (rf"(?<![\w.])\d[ab]? (?:->|{CHANGED} to) (?=\d[ab]?(?:[.,;)]|$| [^\d%cm]))", ""),
    # "G3, revised to G2", "G3 -> G2", "negative (amended to positive)"; else an arrow is a pause.
    (
        rf"(?<!\w){VALUE}[,;]? (\()?(?:(?:has been|was|were|is|and|but|later|then|subsequently) )*"
        rf"(?:now|->(?: now)?|{CHANGED}(?: to(?: be)?| ?:)) ({VALUE})(?(1)[^()]*\)|)",
        r"\2",
    ),
    (r" ?-> ?", ", "),
    (
        rf"(?<!\w)(?:از )?{VALUE},? (?:(?:بود|است) (?:که )?)?(\()?به ({VALUE}) "
        r"(?:اصلاح|تغییر|تصحیح) (?:شد|یافت|کرد|داده شد|گردید)(?:ه)?(?: است)?(?(1)\)|)",
        r"\2",
    ),
    # "Was reported as free; it is involved", "absent on first review, present on second".
    (
        r"\b(?:was|were|had been) (?:(?:first|originally|initially|previously) )?"
        rf"(?:reported|given|stated|recorded|called|described|issued)(?: as| to be)? {VALUE}"
        r"[,;.]? (?:(?:but|however|on review|now),? )*(?:(?:it|this) )?(?:is|was)"
        rf"(?: (?:actually|in fact|now))? (?={VALUE})",
        "is ",
    ),
    (
        rf"(?<!\w){VALUE} (?:on|at) (?:the )?(?:first|initial|original|routine)"
        rf" (?:review|reading|examination)[,;]? (?:but |and )?(?={VALUE})",
        "",
    ),
    (
        r"\b(?:amended |corrected |revised )?(?:report )?(?:to )?(?:correct|change|amend"
        r"|revise)(?:s|ing)?"
        r" (?:the )?([^.,;()\d]{3,30}?) from [^.,;()]{1,20}? to ",
        r"\1 is ",
    ),
    (
        r", (?:and |but )?not (?:positive|negative|present|absent|r[012]"
        r"|g[1-4])(?= *(?:[.,;()]|$))",
        "",
    ),
    (r" نه (?:مثبت|منفی|درگیر|آزاد)(?= *(?:[.,;()]|$))", ""),
    (r"(?<!\w)(?:پیرو|در ادامه|عطف به|متعاقب) گزارش (?:قبلی|اولیه|شماره \S+),? ?", "اصلاحیه : "),
    (r"\b(?:should (?:now )?read|should be|now reads|reads)(?: as)?(?!\w)", "is"),
    (
        rf",? ?(?:and |but )?\b(?:not|instead of|rather than) (?:of )?(?:{LENGTH}|\d+ ?%|[0-5])"
        r"(?: as [^.,;()]*)?(?= *(?:[.,;()]|$))",
        "",
    ),
    (rf",? ?(?:و |ولی )?(?<!\w)(?:نه|به ?جای) {LENGTH}(?= *(?:[.,;،()]|$))", ""),
    (r"\([^()]*\b(?:error|typo\w*|transposed|first report)\b[^()]*\)", ""),
    # A part that only says of an earlier value that it was wrong.
    (
        r"(?:[.,;،؛(] ?|\bو )(?:عدد|مقدار|اندازه|رقم) [^.,;،؛()]*(?:اشتباه|نادرست"
        r"|غلط)[^.,;،؛()]*\)?",
        "",
    ),
    (
        r"(?:has been |have been |was |were )?\bre ?-?(?:measured|examined|assessed"
        r"|evaluated|cut)\b"
        r"(?: and(?= is| was| measures)| at| as)?",
        "",
    ),
]
# On how many slides, or of how many lesions, a thing was seen; which, nobody asks.
SEEN_WHERE: list[tuple[str, str]] = [
    (r"\b(?:as per|per|at)(?: the)? [a-z ]{2,30}? request(?: of [^:,.;]*)?[:,]?", ""),
    (
        r"\b(?:negative|positive|free|clear|involved) (?:on|at|in) (?:frozen(?: section)?"
        r"|fs|intraoperative"
        r" consultation)(?:,|;| but| and)+ (?=(?:but |and )?(?:negative|positive|free|clear"
        r"|involved)\b)",
        "",
    ),
    # At the edge of the tumor, which is no margin.
    (r" در (?:حاشیه|لبه|محیط|اطراف) (?:تومور|ضایعه|توده|ندول)(?!\w)", ""),
    (
        r"(?: (?:seen|noted|present|found))? (?:in|on) the (?:first|second|third|fourth|fifth|last)"
        r" (?:slice|section|block|level|slide)\b",
        "",
    ),
    (r" (?:in|on) (?:one|a single|only one) (?:slide|block|section|level|slice)\b", ""),
    (r" where (?:visible|seen|present|assessable|identified|preserved|viable|evaluable)\b", ""),
    (
        r" (?:at|on|along|over|towards?) (?:the |its )?(?!caps|gliss|bil|duct|vasc)"
        r"[a-z]+(?:[ -][a-z]+)? (?:aspect|side|portion|end|pole|third)\b",
        "",
    ),
    (
        r" despite (?:neoadjuvant |preoperative |prior )?(?:chemotherapy|chemo|therapy"
        r"|treatment)\b",
        "",
    ),
    (
        r"(?:,? ?(?:averaged|assessed|estimated|combined|taken) )?"
        r"\b(?:of|in|over|across|for|from|to) (?:all|both|either|each|every|any)(?: one)?(?: of)?"
        rf"(?: the| these| those)?(?: {NUMBER})? {LESIONS}\b",
        "",
    ),
    (
        rf",? ?\b(?:averaged|average|assessed|estimated) (?:of|in|over|across) {NUMBER} {LESIONS}",
        "",
    ),
    (
        r"(?:\b(?:in|on|from|of|see) )?(?:the )?\b(?:blocks?|slides?|cassettes?|levels?"
        r"|slices?|sections?)"
        r"(?: no\.?| number)?(?: | ?#)(?:[a-z]\d*|\d+[a-z]?)(?:(?: ?[,&/-] ?| and "
        r"| to )[a-z]?\d+)*(?![\w%])"
        r"(?! ?(?:[mc]m|of\b|x\b|percent))",
        "",
    ),
    (
        r"(?<!\d )\b(?:over|in|on|across|through|after|at|from)(?: an?| the)?"
        r"(?: (?:length|distance|front|area) of)?(?: (?:any|all) of)?(?: the)?"
        rf"(?: {NUMBER})?(?: (?:further|additional|deeper|more|serial|consecutive|different|other"
        r"|separate|multiple|several|adjacent|examined|step|new|random|submitted|these|many))*"
        r" (?:slides|blocks|levels|sections|slices|cassettes|points|places|spots|step sections)\b"
        r"(?: examined| submitted| studied| supplied)?",
        "",
    ),
]
WORDINGS = Wordings([*CORRECTIONS, *SEEN_WHERE])


def as_it_holds_now(text: str) -> str:
    """The text without what it corrects, and without where things were seen."""
    return WORDINGS.applied(text, to_single_blanks=True)
