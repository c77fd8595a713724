"""Invasion of vessels and nerves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reading.common import (
    LEFT_OPEN,
    Reading,
    is_understood,
    loose_of,
    mentions_of,
    read_inapplicable,
)
from reading.lexicon import lexicon_of
from reading.sentence import Statement, statements_of
from reading.settings import Settings
from reading.tokens import tokens_of

VESSELS = {"lymphatic", "venous", "vascular", "lymphovascular"}
# The words by which a name of a vessel or nerve becomes one of its invasion.
NAMED = ("invasion", "involvement", "infiltration", "intravascular", "تهاجم", "درگیری")
# "Nerves seen", "vein is present": the structure is there, nobody says that it is invaded.
SEEN = re.compile(
    r"(?<!small )(?<!large )\b(?:nerves?|nerve (?:bundle|twig|fiber)s?|veins?|vessels?|venules?"
    r"|lymphatics|channels?|عصب|اعصاب|ورید(?: (?:هپاتیک|کبدی|پورت|باب))?"
    r"|عروق(?: (?:لنفاوی|خونی))?|رگ(?: ها)?)"
    r" (?:(?:is|are|was|were) )?(?:seen|present|identified|noted|visible|found|observed"
    r"|دیده شد|دیده می شود|مشاهده شد|مشاهده گردید|رویت شد|رویت گردید)"
    r"|\bnerves?: (?:seen|identified)"
)
# Words by which a seen structure may be an invaded one after all.
INVADERS = (*NAMED, "permeat", "embol", "thromb", "tumo", "carcinoma", "lvi", "pni")
INVADERS_IN_PERSIAN = ("انوازیون", "نفوذ", "ارتشاح", "آمبول", "ترومب", "تومور", "درگیر", "سلول")
# What says nothing that could be weighed against another answer.
OPEN = {"unstated", "either", "yes", "twice"}
# Of which vessels, or nerves, a field asks; what else is said of is another matter.
ASKED = {
    "lymphovascular_invasion": VESSELS | {"emboli"},
    "lymphatic_invasion": {"lymphatic"},
    "venous_invasion": {"venous", "vascular", "emboli"},
    "perineural_invasion": {"perineural"},
}
# Names of what invades; all others are of what is invaded.
ACTS = {"invasion", "emboli", "clot", "tumor"}


def read_invasion(field: str, text: str, settings: Settings) -> Reading | None:
    """Yes where any vessel is invaded; no needs both kinds, or the joint name."""
    statements = [_named_once(statement) for statement in statements_of(text, field)]
    if mentions_of(statements, "inapplicable"):
        return read_inapplicable(statements)
    if not is_understood(statements) or not all(map(_extents_are_clear, statements)):
        return None
    spelled = lexicon_of(field).spelled(tokens_of(text)).replace(" :", ":")
    is_seen = any(SEEN.search(of_them) for of_them in (text, spelled))
    if is_seen and not any(word in text for word in (*INVADERS, *INVADERS_IN_PERSIAN)):
        return None
    said = _said_of_each(statements, text)
    asked = ASKED[field]
    if field in ("lymphatic_invasion", "venous_invasion") and said.get("lymphovascular") == {"no"}:
        asked = asked | {"lymphovascular"}
    found = {concept: answers for concept, answers in said.items() if concept in asked}
    if len(statements) == 1 and _is_named_alone(statements[0], text):
        found = {concept: {"yes"} for concept in found}
    elif len(statements) == 1 and ":" not in text and _is_either_alone(statements[0]):
        either = set(said)
        found = {name: {"either" if either - VESSELS else "yes"} for name in found}
    bare = loose_of(statements)
    if bare and not said:
        # "Present. Absent." is no finding that anybody could name.
        found = {} if {"yes", "no"} <= bare else {"": bare}
    elif bare == {"no"} and set(said) <= asked:
        said[""] = found[""] = bare
    elif said.keys() == {""}:
        # "No invasion" in the field of one kind is of that kind.
        found = said
    if not found or (field != "lymphovascular_invasion" and found.get("emboli") == {"no"}):
        # Veins without emboli may still be invaded.
        return None
    answers = set().union(*found.values())
    if "yes" in answers:
        # "Present - small vessel": which vessels those are needs no answer of its own.
        answers.discard("")
    if answers == {"no"} and bare == {"yes"} and _is_said_apart(statements):
        # "No invasion; focal": how much there is where there should be none.
        is_extent = any(s.extents and not s.mentions for s in statements)
        return Reading(missing_reason="conflicting") if is_extent else None
    if "" in answers or (bare - answers and (answers | bare) - LEFT_OPEN):
        return None
    if "yes" in answers and found.get("") == {"no"}:
        # "L1; absent".
        is_told_apart = bare == {"no"} and _is_said_apart(statements)
        return Reading(missing_reason="conflicting") if is_told_apart else None
    if any({"yes", "no"} <= of_one for of_one in found.values()):
        return Reading(missing_reason="conflicting") if len(found) == 1 else None
    if "yes" in answers:
        return Reading("yes")
    if answers == {"either"}:
        return Reading(missing_reason="imprecise")
    if answers == {"unstated"}:
        return Reading(missing_reason="not_reported")
    if answers != {"no"}:
        return Reading(missing_reason="not_assessable") if not answers & OPEN else None
    if field == "lymphovascular_invasion" and set(found) in ({"lymphatic"}, {"venous"}):
        return Reading(missing_reason="imprecise")
    return Reading("no")


def _named_once(statement: Statement) -> Statement:
    """Without a name that repeats what is asserted: "present (large vessel, venous)"."""
    asserted: set[str] = set()
    kept = []
    for mention in statement.mentions:
        if not (mention.is_carried and mention.said == "yes" and mention.concept in asserted):
            kept.append(mention)
        if mention.said == "yes":
            asserted.add(mention.concept)
    return replace(statement, mentions=kept)


def _is_said_apart(statements: Sequence[Statement]) -> bool:
    """What is said without a name stands in a statement of its own."""
    return all(not (statement.loose and statement.mentions) for statement in statements)


def _is_either_alone(statement: Statement) -> bool:
    """ "LVI or PNI" and no more: a finding, but not which."""
    sites = [m for m in statement.mentions if m.concept not in ACTS]
    return (
        not statement.loose
        and not any(m.said or m.has_answer for m in statement.mentions)
        and all(m.is_either for m in sites)
    )


def _is_named_alone(statement: Statement, text: str) -> bool:
    """ "Perineural invasion" and no more is a finding; with a colon it is a label left blank."""
    mentions = statement.mentions
    return (
        ":" not in text
        and any(act in text for act in NAMED)
        and not statement.loose
        and len({m.concept for m in mentions}) == 1
        and not any(m.said or m.has_answer for m in mentions)
    )


def _extents_are_clear(statement: Statement) -> bool:
    """No denial of an extent: "no extensive invasion" may be some."""
    denied = {m.segment for m in statement.mentions if m.said in ("no", "twice")}
    denied |= {segment for segment, said in statement.loose if said not in ("yes", "doubt")}
    return not statement.extents & denied


def _said_of_each(statements: Sequence[Statement], text: str) -> dict[str, set[str]]:
    """What is said of the invasion of each vessel or nerve, in all statements."""
    said: dict[str, set[str]] = {}
    for statement in statements:
        answers = _invaded(statement, text)
        either = {concept for concept, _, is_either in answers if is_either}
        for concept, answer, is_either in answers:
            if is_either and answer == "yes" and either - VESSELS - {"emboli"}:
                answer = "either"
            said.setdefault(concept, set()).add(answer)
    for answers_of_one in said.values():
        # A name beside its code, or said again: "lymphatic invasion (L1)".
        if len(answers_of_one) > 1:
            answers_of_one.discard("")
    return said


def _invaded(statement: Statement, text: str) -> list[tuple[str, str, bool]]:
    """Each vessel or nerve, what is said of its invasion ("": nothing), and whether with "or"."""
    answers = []
    sites = [m for m in statement.mentions if m.concept not in ACTS]
    acts = [m for m in statement.mentions if m.concept in ACTS]
    for mention in sites:
        concept, _, code = mention.concept.partition(" ")
        if code:
            is_open = mention.said or mention.is_either
            answers.append((concept, "" if is_open else code, False))
            continue
        beside = [act for act in acts if act.segment == mention.segment]
        said = mention.said or next((act.said for act in beside if act.said), "")
        if said == "yes" and any(act.concept == "clot" for act in beside):
            # A thrombus need not be of tumor.
            said = ""
        elif not said and mention.segment in statement.extents:
            said = "yes"
        # "Vein wall invaded", "emboli in lymphatics": the act asserts, unless something denies it.
        asserts = any(act.concept in ("invasion", "emboli") for act in beside)
        answers.append((concept, said or ("yes" if asserts else ""), mention.is_either))
    if ":" in text and sites and not any(site.said for site in sites):
        # "Lymphovascular, perineural: without invasion".
        of_acts = {act.said for act in acts}
        if of_acts in ({"no"}, {"yes"}):
            answers = [(concept, said, False) for concept, _, _ in answers for said in of_acts]
            acts = []
    # "Nerves identified, none involved": what is seen there is no invasion.
    if any(act.concept == "invasion" and act.said == "no" for act in acts):
        answers = [(c, "twice" if said == "yes" else said, either) for c, said, either in answers]
    if not sites:
        answers += [("emboli", act.said or "yes", False) for act in acts if act.concept == "emboli"]
        answers += [("", act.said, False) for act in acts if act.concept == "invasion"]
    return answers


READERS = dict.fromkeys(ASKED, read_invasion)
