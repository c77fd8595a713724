"""Invasion of vessels and nerves."""

from __future__ import annotations

from collections.abc import Sequence

from reading.common import REASONS, Reading, is_understood, loose_of
from reading.sentence import Statement, statements_of

VESSELS = {"lymphatic", "venous", "vascular", "lymphovascular"}
# Of which vessels, or nerves, a field asks; what else is said of is another matter.
ASKED = {
    "lymphovascular_invasion": VESSELS | {"emboli"},
    "lymphatic_invasion": {"lymphatic"},
    "venous_invasion": {"venous"},
    "perineural_invasion": {"perineural"},
}


def read_invasion(field: str, text: str, unit: str | None) -> Reading | None:
    """Yes where any vessel is invaded; no needs both kinds, or the joint name."""
    statements = statements_of(text, field)
    if not is_understood(statements):
        return None
    said: dict[str, set[str]] = {}
    for statement in statements:
        for concept, answer in _invaded(statement):
            said.setdefault(concept, set()).add(answer)
    asked = ASKED[field]
    found = {concept: answers for concept, answers in said.items() if concept in asked}
    bare = loose_of(statements)
    if bare and not said:
        found = {"lymphovascular": bare}
    elif bare:
        return None
    if not found:
        return None
    answers = set().union(*found.values())
    if "" in answers:
        return None
    if any({"yes", "no"} <= of_one for of_one in found.values()):
        return Reading(missing_reason="conflicting") if len(found) == 1 else None
    if "yes" in answers:
        return Reading("yes")
    if answers <= {"doubt", "unassessable"} or answers == {"unstated"}:
        return Reading(missing_reason=REASONS[answers.pop()])
    if answers != {"no"}:
        return Reading(missing_reason="not_assessable") if "unstated" not in answers else None
    if field == "lymphovascular_invasion" and set(found) in ({"lymphatic"}, {"venous"}):
        return Reading(missing_reason="imprecise")
    return Reading("no")


def _invaded(statement: Statement) -> list[tuple[str, str]]:
    """Each vessel or nerve with what is said of its invasion, "" where nothing is."""
    answers = []
    sites = [m for m in statement.mentions if m.concept not in ("invasion", "emboli")]
    acts = [m for m in statement.mentions if m.concept in ("invasion", "emboli")]
    for mention in sites:
        concept, _, code = mention.concept.partition(" ")
        if code:
            answers.append((concept, code if not mention.said else ""))
            continue
        beside = [act for act in acts if act.segment == mention.segment]
        said = mention.said or next((act.said for act in beside if act.said), "")
        # "Vein wall invaded", "tumor in lymphatics": the act asserts, unless something denies it.
        answers.append((concept, said or ("yes" if beside else "")))
    if not sites:
        answers += [("emboli", act.said or "yes") for act in acts if act.concept == "emboli"]
        answers += [("", act.said or "yes") for act in acts if act.concept == "invasion"]
    return answers


READERS = dict.fromkeys(ASKED, read_invasion)
