"""The diagnosis of a specimen, and the organ it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reading.common import LEFT_OPEN, Reading, asserting, loose_of, mentions_of
from reading.fields.regression import read_regression
from reading.sentence import Mention, Statement, parts_of, statements_of
from reading.settings import USUAL, Settings

METASTASIS = {"metastasis", "metastatic"}
# Names of cancers that are no colorectal metastasis, wherever they began.
ENTITIES = {"primary cancer", "other cancer"}
# Other organs, as such and as where a cancer came from.
FOREIGN = {"foreign", "foreign origin"}
ORIGINS = {"primary", "carcinoma", "adenocarcinoma", *FOREIGN}
# What there is of a tumor after therapy.
LEFT = {"residual", "viable"}
CANCERS = METASTASIS | ENTITIES | FOREIGN | {"adenocarcinoma", "carcinoma", "ambiguous"}
# What may be said of a place without its being the diagnosis.
PLACES = {"margin", "organ", "background"}
HARMLESS = {
    *("aside", "partial", "treated", "dead", "benign", "tumor", "lesion", *LEFT, "atypical")
}
# A denial of these tells nothing of what there is ("not completely necrotic").
UNTOLD = {"aside", "benign", "treated", "dead"}
# What a denial may go on to over a comma; "no tumor, hemangioma" may assert the second.
CARRIED = HARMLESS - {"atypical"} | {"malignancy", "carcinoma", "margin", "background"}
# "No tumor in segment 2; metastasis in segment 7".
BETWEEN_STATEMENTS = re.compile(r"; ?|\. (?=\w)")
SEGMENT = re.compile(
    r"(?:\b(?:in|of|from|در) )?\b(?:segment|seg\.?|s|سگمان|سگمنت) ?"
    r"([1-8]|viii|vii|vi|iv|v|iii|ii|i)[ab]?\b"
)
# The worst of these is the diagnosis, as the seed `histologies` ranks them.
RANKED = [
    ("no_residual_tumor", "no_residual_tumor"),
    ("benign lesion", "other"),
    ("hemangioma", "hemangioma"),
    ("no_malignancy", "no_malignancy"),
    ("benign", "benign"),
]


@dataclass
class _Findings:
    """The names in a text by what is said of them, and what its denials come to."""

    asserted: set[str] = field(default_factory=set)
    # What may be, or of which nobody can tell.
    doubted: set[str] = field(default_factory=set)
    denials: set[str] = field(default_factory=set)


def read_diagnosis(field_name: str, text: str, settings: Settings) -> Reading | None:
    """The diagnosis by the seed's ranks; two cancers beside each other are not read."""
    text = text.replace("منشا روده ای", "منشا روده").replace("منشاء روده ای", "منشاء روده")
    reading = _of_several_segments(field_name, text, settings)
    if reading is not None:
        return reading
    statements = asserting(statements_of(text, field_name), "complete response")
    if any(statement.is_turned or statement.is_elsewhere for statement in statements):
        return None
    if any(statement.unknown and statement.mentions for statement in statements):
        return None
    if _is_overruled(statements):
        return None
    findings = _Findings()
    for statement in statements:
        if not _collect(statement, findings):
            return None
    if (loose_of(statements) - {"yes"}) and findings.asserted:
        return None
    is_known = not any(statement.unknown for statement in statements)
    cancer = _cancer(findings, statements, is_known)
    if cancer is None:
        return None
    if findings.doubted - {"aside"}:
        doubt = _doubt(findings, cancer)
        if doubt != "":
            return Reading(missing_reason=doubt) if doubt else None
    if _is_of_some(statements):
        return None
    reading = _with_denials(cancer, findings, statements) if cancer else _without_cancer(findings)
    is_metastasis = reading is not None and reading.value == "metastasis"
    if is_metastasis and (_may_be_gone(text) or _is_scored_as_gone(text)):
        return None
    # What is not known may be a cancer beside a lesion or a scar, and a metastasis is the worst.
    return reading if is_known or (reading and reading.value == "metastasis") else None


def _of_several_segments(field_name: str, text: str, settings: Settings) -> Reading | None:
    """Metastasis in one segment, no tumor in another, each told in a statement of its own."""
    parts = BETWEEN_STATEMENTS.split(text)
    segments = [tuple(SEGMENT.findall(part)) for part in parts]
    if any(len(of_one) != 1 for of_one in segments) or len(set(segments)) != len(parts):
        return None
    readings = [
        read_diagnosis(field_name, SEGMENT.sub("", part).strip(" :-"), settings) for part in parts
    ]
    values = {reading.value if reading is not None else None for reading in readings}
    is_settled = "metastasis" in values and values <= {"metastasis", "no_malignancy", "benign"}
    return Reading("metastasis") if is_settled else None


def _collect(statement: Statement, findings: _Findings) -> bool:
    """Add what a statement says; false where it cannot be told what it is said of."""
    mentions = _without_history(statement)
    if mentions is None:
        return False
    for group in _places(mentions):
        if any(m.said in ("twice", "unstated") and m.concept != "aside" for m in group):
            return False
        for mention in group:
            if mention.is_carried and mention.concept not in CARRIED:
                return False
        denied = {m.concept for m in group if m.said == "no"} - UNTOLD
        place = {m.concept for m in group} & PLACES
        if place:
            rest = [m for m in group if m.concept not in PLACES]
            # "Nodes 0/3"
            is_nil = not rest and any(m.high == 0 for _, m in statement.measures[:1])
            if "organ" in place and not (is_nil or _is_clean(group)):
                return False
            # "Margins free of tumor" denies the tumor there alone.
            group = [m for m in rest if m.concept not in HARMLESS]
            denied = set()
        if denied:
            findings.denials.add(_denial(denied))
        for mention in group:
            if mention.said in ("", "yes"):
                findings.asserted.add(mention.concept)
            elif mention.said in LEFT_OPEN:
                findings.doubted.add(mention.concept)
    return True


def _is_overruled(statements: Sequence[Statement]) -> bool:
    """A cancer is named, and then histology told without one ("metastasis; histology: scar")."""
    names = [m for statement in statements for m in statement.mentions]
    last = max((at for at, m in enumerate(names) if m.concept == "verdict"), default=0)
    before = {m.concept for m in names[:last]}
    behind = {m.concept for m in names[last:]} - {"verdict"}
    return bool(before & CANCERS and behind and not behind & CANCERS)


def _without_history(statement: Statement) -> list[Mention] | None:
    """The mentions less the cancer of the bowel that is known of; none where another thing is."""
    found: list[Mention] = []
    past = -1
    had: set[str] = set()
    for at, mention in enumerate(statement.mentions):
        if mention.concept == "in the past":
            # "Metastasis, previously resected": what stands before it is not in this specimen; not
            # so "metastasis of previously resected rectal cancer".
            behind = [m.concept for m in statement.mentions[at + 1 : at + 3]]
            is_of_bowel = "colorectal" in behind and not set(behind) & METASTASIS
            if found and found[-1].concept not in ("colorectal", "primary") and not is_of_bowel:
                return None
        elif mention.concept == "history":
            past = mention.segment
        elif mention.segment == past and mention.concept not in ("aside", "treated", "partial"):
            had.add(mention.concept)
        else:
            found.append(mention)
    bowel = {"colorectal", "primary", "carcinoma", "adenocarcinoma", "tumor", "malignancy"}
    if had - bowel - METASTASIS or (had and not had & {"colorectal", "metastasis"}):
        return None
    if had:
        found.append(Mention("past metastasis" if had & METASTASIS else "bowel cancer", past))
    return found


def _places(mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    """The mentions by segment; a place that heads a statement holds what follows it."""
    if mentions and mentions[0].concept in PLACES and not mentions[0].said:
        first = [m for m in mentions if m.segment == mentions[0].segment]
        if all(m.concept in PLACES | {"aside", "benign"} for m in first):
            yield list(mentions)
            return
    for segment in sorted({m.segment for m in mentions}):
        yield [m for m in mentions if m.segment == segment]


def _is_clean(group: Sequence[Mention]) -> bool:
    """Another organ beside the liver, of which nothing is said but that it has no tumor."""
    found = [m for m in group if m.concept not in PLACES]
    if any(m.concept not in HARMLESS and m.said != "no" for m in found):
        return False
    return bool(found) or all(m.said == "no" for m in group)


def _denial(denied: set[str]) -> str:
    """What a denial of these together comes to."""
    if denied & LEFT:
        return "no_residual_tumor"
    if denied == {"mucinous"}:
        return "no_other"
    if denied & (METASTASIS | {"adenocarcinoma"}):
        return "no_metastasis"
    if denied & (ENTITIES | FOREIGN | {"benign lesion", "hemangioma", "atypical"}):
        return "no_other"
    if denied & {"malignancy", "tumor", "carcinoma", "lesion"} and not denied & {"colorectal"}:
        return "no_malignancy"
    return "unclear"


def _cancer(findings: _Findings, statements: Sequence[Statement], is_known: bool) -> str | None:
    """Metastasis, other, "" where no cancer is asserted, none where it is not settled which."""
    found = findings.asserted
    entities = found & ENTITIES
    if "unclear" in findings.denials:
        return None
    if "past metastasis" in found:
        return "" if "no_residual_tumor" in findings.denials and not found & CANCERS else None
    if entities:
        is_settled = not found & {"adenocarcinoma", "carcinoma"}
        if found & {"metastasis", "colorectal"}:
            is_settled &= entities == {"other cancer"} and _is_one_name(statements)
        return "other" if is_settled else None
    if "ambiguous" in found:
        return None
    if found & FOREIGN:
        is_settled = "colorectal" not in found and _is_origin(statements)
        return "other" if is_settled else None
    named = found | findings.doubted
    if "primary" in named and not named & {"colorectal", "bowel cancer"}:
        return None
    if found & METASTASIS:
        cancers = {"adenocarcinoma", "carcinoma", "colorectal", "mucinous", "metastasis"}
        return "metastasis" if found & cancers else None
    if "adenocarcinoma" in found:
        return "metastasis" if is_known and _has_origin_apart(statements) else None
    if found & {"carcinoma", "colorectal", "mucinous", "primary", "malignancy"}:
        # "Malignancy" is asserted of nothing ("a malignant tumor"), the others tell no diagnosis.
        return None
    return ""


def _is_origin(statements: Sequence[Statement]) -> bool:
    """Each other organ is where the cancer came from, not what it invades."""
    for statement in statements:
        mentions = statement.mentions
        # "Metastatic adenocarcinoma. Patient has breast cancer" tells of two.
        is_apart = not statement.named(*METASTASIS, "primary", "foreign origin")
        for before, mention, after in zip(
            [None, *mentions], mentions, [*mentions[1:], None], strict=False
        ):
            if mention.concept not in FOREIGN or mention.said == "no":
                continue
            is_named = (after is not None and after.concept in ORIGINS) or (
                before is not None and before.concept in {"primary", "carcinoma"}
            )
            is_named |= mention.concept == "foreign origin"
            if is_apart or not is_named:
                return False
    return True


def _is_one_name(statements: Sequence[Statement]) -> bool:
    """Metastasis and the other cancer are one ("GIST metastasis"), not beside each other."""
    for statement in statements:
        places = {m.segment for m in statement.named(*ENTITIES)}
        for mention in statement.named("metastasis", "colorectal"):
            if mention.segment in statement.joined:
                return False
            if mention.segment not in places and (
                not places or mention.concept == "metastasis" or not statement.named("primary")
            ):
                return False
    return True


def _has_origin_apart(statements: Sequence[Statement]) -> bool:
    """The bowel is told as the origin ("colorectal type"), not as the place ("colonic cancer")."""
    for statement in statements:
        cancers = {m.segment for m in statement.named("adenocarcinoma")}
        for bowel in statement.named("colorectal"):
            named = {m.concept for m in statement.mentions if m.segment == bowel.segment}
            is_apart = bowel.segment > min(cancers, default=99)
            if not (is_apart or "primary" in named or bowel.said in ("yes", "doubt")):
                return False
    return True


def _is_of_some(statements: Sequence[Statement]) -> bool:
    """A complete response of some of several lesions ("in 2 of 3", "partial in another")."""
    for statement in statements:
        gone = {m.segment for m in statement.named("complete response")}
        gone |= {m.segment for m in statement.named(*LEFT) if m.said == "no"}
        if any(segment in gone and not measure.unit for segment, measure in statement.measures):
            return True
        if gone and any(other.named("partial") for other in statements):
            return True
    return False


def _doubt(findings: _Findings, cancer: str) -> str | None:
    """The reason why doubt leaves nothing; "" where it changes nothing, none where unsettled."""
    open_names = findings.doubted - {"aside", "colorectal", "primary"}
    if cancer == "metastasis":
        return None if open_names - HARMLESS - {"hemangioma", "benign lesion"} else ""
    if findings.asserted - HARMLESS - {"bowel cancer"} or findings.denials:
        return None
    return "not_assessable"


def _may_be_gone(text: str) -> bool:
    """A metastasis of which perhaps but the remains are left.

    "Scar, compatible with treated metastasis"; not so "metastatic adenocarcinoma with scarring".
    """
    names = [part.value for part in parts_of(text, "remains")]
    tumors = [at for at, name in enumerate(names) if name in ("tumor", "cells")]
    leading = set(names[: min(tumors, default=0)])
    if "alive" in names:
        return False
    if "place of it" in leading or ("dead tissue" in leading and "treated" in names):
        return True
    return "cells" not in names and "place of it" in names


def _is_scored_as_gone(text: str) -> bool:
    """A complete response by the grade of a scale ("TRG 1 (Mandard)"), in one lesion at least."""
    response = read_regression("tumor_regression", text, USUAL)
    return response is not None and response.value == "complete"


def _with_denials(
    cancer: str, findings: _Findings, statements: Sequence[Statement]
) -> Reading | None:
    """A cancer beside what is denied: another diagnosis may be, the tumor itself not."""
    denials = findings.denials - {"no_other"}
    is_gone = "no_residual_tumor" in denials or "complete response" in findings.asserted
    if cancer == "metastasis" and is_gone:
        # "Treated metastasis, no viable tumor": of one tumor, not of one of several.
        is_one = not findings.asserted & LEFT
        # "Excised, no residual tumor" speaks of what is left in the patient.
        is_one &= bool(findings.asserted & {"complete response", "treated"}) or any(
            m.said == "no" for m in mentions_of(statements, "viable")
        )
        is_one &= sum(bool(set(_names(s)) - PLACES - {"verdict"}) for s in statements) == 1
        is_one &= not any(statement.measures for statement in statements)
        return Reading("no_residual_tumor") if is_one else None
    if is_gone or denials - {"no_metastasis"} or (denials and cancer == "metastasis"):
        return None
    if cancer == "metastasis" and _is_dead(statements):
        return None
    return Reading(cancer)


def _names(statement: Statement) -> list[str]:
    return [m.concept for m in statement.mentions]


def _is_dead(statements: Sequence[Statement]) -> bool:
    """Nothing of the tumor is alive ("0 % viable", "100 % necrosis", "completely necrotic")."""
    if any(m.said != "no" for m in mentions_of(statements, "dead")):
        return True
    for statement in statements:
        alive = {m.segment for m in statement.named(*LEFT)}
        for segment, measure in statement.measures:
            is_all = measure.unit == "percent" and measure.low == 100
            if (measure.high == 0 and segment in alive) or (is_all and segment not in alive):
                return True
    return False


def _without_cancer(findings: _Findings) -> Reading | None:
    found = findings.asserted | findings.denials
    if "complete response" in found:
        found.add("no_residual_tumor")
    if found & LEFT:
        return None
    value = next((value for name, value in RANKED if name in found), None)
    if "atypical" in found:
        is_open = value in (None, "benign")
        return Reading(missing_reason="not_assessable") if is_open else None
    if value == "benign" and found & {"tumor", "lesion"}:
        # "Benign tumor": which is not said.
        return None
    return Reading(value) if value else None


def read_organ(field_name: str, text: str, settings: Settings) -> Reading | None:
    """Liver, or another organ; a lymph node is one, of whatever station."""
    statements = statements_of(text, field_name)
    if any(s.is_turned or s.is_elsewhere or s.unknown for s in statements):
        return None
    mentions = [m for statement in statements for m in statement.mentions]
    denied = [m for m in mentions if m.said not in ("", "yes")]
    if denied:
        # "Diaphragm nodule, not liver".
        is_liver = all((m.concept, m.said) == ("liver", "no") for m in denied)
        rest = {m.concept for m in mentions if m not in denied}
        return Reading("other") if is_liver and rest == {"other"} else None
    named = {m.concept for m in mentions}
    if "node" in named and "liver" not in named:
        return Reading("other")
    if "liver" in named and named & {"other", "node"}:
        is_listed = not named & {"station", "spread"} and _are_apart(statements)
        return Reading(missing_reason="conflicting") if is_listed else None
    if "other" in named:
        return Reading("other") if not named & {"spread", "station"} else None
    if "liver" in named and not named & {"station", "flexure"}:
        return Reading("liver") if _is_of_liver(mentions) else None
    return None


def _are_apart(statements: Sequence[Statement]) -> bool:
    """Each organ is named by itself, in a segment of its own or joined to the other."""
    for statement in statements:
        for organ in statement.named("liver"):
            beside = [m for m in statement.named("other", "node") if m.segment == organ.segment]
            if beside and organ.segment not in statement.joined:
                return False
    return True


def _is_of_liver(mentions: Sequence[Mention]) -> bool:
    """ "Liver metastasis", not "metastasis, liver", which may be of the liver or from it."""
    names = [m.concept for m in mentions]
    return "spread" not in names[: names.index("liver")]


READERS = {"diagnosis": read_diagnosis, "organ": read_organ}
