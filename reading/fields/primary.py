"""The primary tumor: its site, its nodes, and when the metastases came."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from decimal import Decimal

from reading.common import Reading, is_understood, loose_of, mentions_of
from reading.measures import Measure
from reading.sentence import Statement, statements_of
from reading.settings import Settings

# A code of the TNM classification, by its parts; only N is read.
TNM = re.compile(
    r"(?<![a-z0-9])(?P<t>(?:[yra]{0,2}[pc]?)t(?:[0-4x][a-d]?|is)[ ,]{0,2})?"
    r"(?:[yra]{0,2}(?P<basis>[pc])?n ?(?P<n>[0-3x])(?P<sub>[a-c]| ?\(?mi\)?)?"
    r"(?P<cells> ?\((?:i|mol)[+-]\))?(?P<range>[-/][0-3])?)?"
    r"(?P<m>[ ,]{0,2}[yra]?[pc]?m[01x][a-c]?)?(?![a-z0-9+])"
)
STAGE_OF_N = re.compile(
    r"\b(p?n)(?: stage| category)? ?: ?(?=[0-2x](?!\d))|\b(p?n) (?:stage|category) (?=[0-2x])"
)
SHARE = re.compile(
    r"(?<![\d/.a-z-])(?P<positive>\d{1,3})\+?(?: ?/ ?| of (?:the )?| out of (?:the )?| از )"
    r"(?P<examined>\d{1,3})(?![\d/.-]*\d)\+?"
)
TWO_SHARES = re.compile(
    r"\s*(?:nodeshareno\s*[,;]\s*nodeshare(?:yes|all)|nodeshare(?:yes|all)\s*[,;]\s*nodeshareno)\s*"
)
ABBREVIATED = re.compile(
    r"\b(mo|mos|yr|yrs|wk|wks|mths|sync|synch|metach|syn|met|meta)\.(?= |\)|$)"
)
# Of "colorectal": which of both is not told.
UNSPECIFIED = ("nos", "specif", "otherwise", "بدون ذکر", "نامشخص", "مشخص نشده")
# "4/12 after LAR": as British notes have months.
MONTHS_AFTER = re.compile(r"(?<![\d/])(\d{1,2})/12 (?=after|post|later|following|from)")


def read_site(field: str, text: str, settings: Settings) -> Reading | None:
    """Colon or rectum, of the junction what the definition says; both are two primaries."""
    statements = statements_of(TNM.sub(_without_code, text), field)
    if not is_understood(statements) or loose_of(statements) & {"no", "doubt", "unassessable"}:
        return None
    sites = {
        site: {m.said for m in mentions_of(statements, site)}
        for site in ("colon", "right colon", "rectosigmoid", "rectum", "two")
    }
    if any(said - {"", "yes", "no"} or {"", "no"} <= said for said in sites.values()):
        return None
    named = {site for site, said in sites.items() if said & {"", "yes"}}
    if "rectosigmoid" in named:
        named = named - {"rectosigmoid"} | {settings.rectosigmoid}
    if {"colon", "rectum"} <= named:
        return Reading("colon + rectum", missing_reason="conflicting")
    if "two" in named:
        is_one_site = (
            len(mentions_of(statements, "colon", "right colon", "rectosigmoid", "rectum")) < 2
        )
        return Reading(missing_reason="conflicting") if is_one_site else None
    if "rectum" in named:
        return Reading("rectum") if "right colon" not in named else None
    if named & {"colon", "right colon"}:
        return Reading("colon")
    # "Colorectal, not further specified": either.
    mentions = mentions_of(statements)
    is_either = bool(mentions) and all((m.concept, m.said) == ("colorectal", "") for m in mentions)
    is_either &= any(word in text for word in UNSPECIFIED)
    return Reading(missing_reason="imprecise") if is_either else None


def _without_code(match: re.Match[str]) -> str:
    return " " if match[0] else ""


def _with_words(match: re.Match[str]) -> str:
    """A code of TNM as the word of what it says of the nodes."""
    if match["n"] is None:
        return " " if match["t"] or match["m"] else match[0]
    if match["basis"] == "c" or "c" in (match["t"] or ""):
        return " nodecodeclinical "
    number, sub, scale = match["n"], match["sub"], match["range"]
    if (sub and "mi" in sub) or (sub == "c" and number in "12") or (sub and number in "0x"):
        return " nodecodeopen "
    if scale and (number in "0x" or scale[1] in "0x"):
        return " nodecodeopen "
    return {"0": " nodecodeno ", "x": " nodecodex "}.get(number, " nodecodeyes ")


def _with_shares(match: re.Match[str]) -> str:
    """Positive of examined nodes as the word of what it says."""
    positive, examined = int(match["positive"]), int(match["examined"])
    if positive > examined or not examined:
        return " nodeshareopen "
    if not positive:
        return " nodeshareno "
    return " nodeshareall " if positive == examined else " nodeshareyes "


def read_nodes(field: str, text: str, settings: Settings) -> Reading | None:
    """Yes where a regional node of the primary bears tumor: by word, count, code or stage."""
    if re.search(r"\d/\d+/\d|\bn ?\d+/\d\d", text):
        return None
    text = re.sub(r"\b(lns?|nodes?|n) (?=[+-]$)", r"\1", text).replace("صفر از", "0 از")
    if re.search(r"stage \d/|grade", text):
        return None
    text = STAGE_OF_N.sub("n", text)
    coded = SHARE.sub(_with_shares, TNM.sub(_with_words, text))
    if "open " in coded and ("nodecodeopen" in coded or "nodeshareopen" in coded):
        return None
    if "nodecodeclinical" in coded:
        return None
    if TWO_SHARES.fullmatch(coded):
        # "0/12, 1/3" and no more.
        return Reading(missing_reason="conflicting")
    statements = statements_of(coded, field)
    if not is_understood(statements):
        return None
    is_named = bool(mentions_of(statements, "node", "no nodes"))
    is_coded = "nodecode" in coded or mentions_of(statements, "code yes", "code no")
    is_bare = not is_named and not is_coded
    if is_bare and "nodeshare" in coded and not mentions_of(statements, "act", "mets"):
        # A share alone, or behind yes or no: "2/3 of the rectum" counts no nodes.
        is_said = bool(loose_of(statements)) or any(m.said for m in mentions_of(statements))
        if not is_said and re.search(r"[^\W\d_]", SHARE.sub("", text)):
            return None
    if is_bare and any(statement.unknown for statement in statements):
        return None
    answers: set[str] = set()
    for statement in statements:
        found = _node_answers(statement, is_named)
        if found is None:
            return None
        answers |= found
    if answers == {"unassessable"}:
        return Reading(missing_reason="not_assessable")
    if answers == {"unstated"}:
        return Reading(missing_reason="not_reported")
    if answers == {"yes", "no"}:
        return Reading(missing_reason="conflicting")
    if answers == {"all", "no"}:
        # "5 of 5 nodes negative": all of them, or none.
        return Reading(missing_reason="conflicting")
    if answers and not answers - {"yes", "all"}:
        return Reading("yes")
    return Reading("no") if answers == {"no"} else None


def _node_answers(statement: Statement, is_named: bool) -> set[str] | None:
    """What a statement says of the nodes; nothing at all where it is not to be followed."""
    codes = statement.named(
        "code yes", "code no", "code unassessable", "share yes", "share no", "share all"
    )
    if any(m.said == "no" and not m.concept.startswith("share") for m in codes):
        return None
    nodes = statement.named("node", "no nodes")
    said_segments = {m.segment for m in statement.named("node", "act", "mets")}
    if any(m.segment in said_segments for m in statement.named("other")):
        return None
    answers = {m.concept.split()[1] for m in codes}
    answers |= {"no" for m in codes if m.said == "no"}
    of_each = {m.concept for m in codes}
    is_torn = {"code yes", "code no"} <= of_each or {"share yes", "share no"} <= of_each
    if is_torn or any(m.said not in ("", "yes", "no") for m in codes):
        return None
    if codes and answers == {"unassessable"} and not statement.named("act", "mets"):
        return answers
    if _is_overcounted(statement):
        return None
    acts = statement.named("act") + (statement.named("mets") if is_named or codes else [])
    # "Positive, N0": of a code that says no, no other word tells how many are positive.
    is_coded = bool(of_each - {"code no"})
    said = {_acted(statement, m.segment, m.said, is_coded) for m in acts}
    said |= {_acted(statement, at, how, is_coded) for at, how in statement.loose}
    if "no of some" in said:
        # "18 negative, 2 positive".
        said = said - {"no of some"} | (set() if "yes" in said else {"no"})
    said |= {m.said for m in nodes if m.said}
    said |= {m.said for m in statement.named("tumor") if m.said == "no" and is_named}
    if "no nodes" in {m.concept for m in nodes}:
        if statement.named("examined") and not said:
            return {"unassessable"}
        if not said:
            return None
        said = {"no"}
    if said & {"doubt", "twice"}:
        return None
    said -= {"by share"}
    if not codes and not nodes and statement.named("primary", "tumor"):
        return None if said else set()
    if not codes and not is_named and statement.named("mets"):
        return None
    return answers | said


def _acted(statement: Statement, segment: int, said: str, is_coded: bool) -> str:
    """What "positive" says, beside the number of the positive: none of them is no."""
    if said not in ("", "yes"):
        is_of_some = any(m.low for _, m in statement.measures)
        return "no of some" if said == "no" and is_of_some else said
    if is_coded:
        # The code says how many: "0/14 positive".
        return "by share"
    counts = [m for at, m in statement.measures if at == segment] or [
        m for at, m in statement.measures if at == segment + 1
    ]
    nones = [m for m in counts if m.high == 0]
    if nones:
        return "no" if len(nones) == 1 and len(counts) <= 2 else "twice"
    is_near = any(m.low == 0 for at, m in statement.measures if abs(at - segment) <= 1)
    return "twice" if is_near or any(m.low == 0 for m in counts) else "yes"


def _is_overcounted(statement: Statement) -> bool:
    """More positive than examined: "20 examined, 25 positive"."""
    examined = {m.segment for m in statement.named("examined")}
    acts = {m.segment for m in statement.named("act", "mets")} | {at for at, _ in statement.loose}
    of_act = [m.low for at, m in statement.measures if at in acts - examined and m.low is not None]
    of_all = [m.low for at, m in statement.measures if at in examined and m.low is not None]
    return bool(of_all) and any(all(one > other for other in of_all) for one in of_act)


Limits = dict[str, tuple[Decimal, Decimal]]


def _calendar_months(months: Decimal) -> Limits:
    """So many calendar months in each unit, as the shortest and the longest of them."""
    lengths = [monthrange(year, month)[1] for year in range(2023, 2028) for month in range(1, 13)]
    whole = int(months)
    days = [sum(lengths[at : at + whole]) for at in range(len(lengths) - whole + 1)]
    shortest, longest = Decimal(min(days)), Decimal(max(days))
    return {
        "calendar year": (months / 12, months / 12),
        "calendar month": (months, months),
        "calendar week": (shortest / 7, longest / 7),
        "calendar day": (shortest, longest),
    }


def read_chronology(field: str, text: str, settings: Settings) -> Reading | None:
    """By the word; without one by the time since the primary's resection, over six months
    or whatever the definition says."""
    text = MONTHS_AFTER.sub(r"\1 months ", ABBREVIATED.sub(r"\1 ", text))
    statements = statements_of(text, field)
    if not is_understood(statements) or loose_of(statements) - {"yes"}:
        return None
    if any(m.said not in ("", "yes") for m in mentions_of(statements)):
        return None
    named = {m.concept for m in mentions_of(statements)}
    if "liver surgery" in named:
        return None
    words = named & {"synchronous", "metachronous"}
    by_time = _by_time(statements, named, settings.metachronous_after_months)
    if len(words) == 2:
        return Reading(missing_reason="conflicting")
    if words:
        word = words.pop()
        is_told = "resection" in named and "after" in named
        return None if is_told and by_time and by_time != word else Reading(word)
    if by_time:
        return Reading(by_time)
    limits = _calendar_months(settings.metachronous_after_months)
    is_too_wide = _is_too_wide(statements, named, limits)
    return Reading(missing_reason="imprecise") if is_too_wide else None


def _is_too_wide(statements: Sequence[Statement], named: set[str], limits: Limits) -> bool:
    """ "Within 12 months of the colectomy" may be before six of them or behind."""
    measures = [measure for statement in statements for _, measure in statement.measures]
    if (
        "resection" not in named
        or not named & {"after", "later"}
        or named & {"before", "diagnosis"}
    ):
        return False
    if len(measures) != 1 or measures[0].unit not in limits:
        return False
    measure = measures[0]
    longest = limits[measure.unit][1]
    return not measure.low and measure.high is not None and measure.high > longest


def _by_time(statements: Sequence[Statement], named: set[str], months: Decimal) -> str:
    """What the time that is told settles, "" where it settles nothing."""
    spans: dict[tuple[int, int], list[Measure]] = {}
    for number, statement in enumerate(statements):
        for segment, measure in statement.measures:
            if measure.unit:
                spans.setdefault((number, segment), []).append(measure)
    if "before" in named:
        return "synchronous" if "resection" in named and "after" not in named else ""
    order = [m.concept for m in mentions_of(statements, "after", "resection")]
    if order[-1:] == ["after"] and "resection" in order:
        # "Colectomy 8 months after the metastases": the time is not since the resection.
        return ""
    if not spans or not named & {"after", "later"}:
        return ""
    limits = _calendar_months(months)
    sides = {_side_of_all(measures, limits) for measures in spans.values()}
    side = sides.pop() if len(sides) == 1 else ""
    is_of_diagnosis = "diagnosis" in named and "resection" not in named
    if side == "late":
        return "" if is_of_diagnosis else "metachronous"
    if side == "early" and named & {"resection", "primary", "diagnosis"}:
        return "synchronous"
    return ""


def _side_of_all(measures: Sequence[Measure], limits: Limits) -> str:
    """Of a time that is told in parts: "6 months and 1 day" is neither for certain."""
    sides = {_side(measure, limits) for measure in measures}
    if "late" in sides:
        return "late"
    return "early" if sides == {"early"} and len(measures) == 1 else ""


def _side(measure: Measure, limits: Limits) -> str:
    """Within the months of the definition, beyond them, or neither for certain."""
    if measure.unit not in limits:
        return ""
    shortest, longest = limits[measure.unit]
    if measure.low is not None and (
        measure.low > longest or (measure.low == longest and measure.low_is_open)
    ):
        return "late"
    return "early" if measure.high is not None and measure.high <= shortest else ""


READERS = {
    "primary_site": read_site,
    "primary_node_positive": read_nodes,
    "chronology": read_chronology,
}
