"""Lobes, seeding and the order of operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from reading.common import Reading, is_understood, loose_of, mentions_of
from reading.couinaud import LEFT, RIGHT
from reading.lexicon import lexicon_of
from reading.sentence import Mention, Statement, parts_of, statements_of
from reading.settings import Settings
from reading.tokens import tokens_of

# More than the segments of any statement.
FURTHER = 1000
SEGMENTS = {str(number) for number in range(1, 9)}
# Which approach it is that an organ was operated on first.
ORGANS = {"colon": "colon_first", "liver": "liver_first"}
OTHER = {"colon": "liver", "liver": "colon"}


def read_lobes(field: str, text: str, settings: Settings) -> Reading | None:
    """Bilobar where both sides are involved; a side that is said to be free does not count."""
    statements = statements_of(text, field)
    if not is_understood(statements) or _has_zero(statements) or "r/l" in text:
        return None
    sides = {
        side: {m.said for m in mentions_of(statements, side)}
        for side in ("right", "left", "unilobar", "bilobar", "caudate", "pair")
    }
    if any(said - {"", "yes", "no"} or {"", "no"} <= said for said in sides.values()):
        return None
    involved = {side for side, said in sides.items() if said & {"", "yes"}}
    free = {side for side, said in sides.items() if said == {"no"}}
    if loose_of(statements) - {"yes"}:
        return None
    if mentions_of(statements, "tilt") and "bilobar" not in involved:
        return None
    if mentions_of(statements, "operation") and not {"bilobar", "unilobar"} & (involved | free):
        # What was resected is not what was involved.
        return None
    if "pair" in involved and mentions_of(statements, "segment"):
        return None
    reading = _lobes(involved, free, _segments(field, text))
    is_conflict = reading is not None and reading.missing_reason == "conflicting"
    # "Bilobar; right hepatectomy", "bilobar except the right": other words may explain it.
    return None if is_conflict and _has_other_words(field, text) else reading


def _has_other_words(field: str, text: str) -> bool:
    return any(
        part.kind not in ("concept", "mark", "join", "fill") or part.value == "operation"
        for part in parts_of(text, field)
    )


def _lobes(involved: set[str], free: set[str], segments: set[int]) -> Reading | None:
    both = {"right", "left"} <= involved
    if "bilobar" in free:
        # "Not bilobar" alone, or with the one side.
        is_one = not both and not free - {"bilobar", "left", "right"}
        return Reading("unilobar") if is_one and "bilobar" not in involved else None
    if "pair" in involved:
        return Reading("bilobar") if both or (involved == {"pair"} and not free) else None
    if "bilobar" in involved:
        if "unilobar" in involved:
            return Reading(missing_reason="conflicting")
        is_one_named = len(involved & {"right", "left"}) == 1
        if is_one_named and not (free or segments or "caudate" in involved):
            return Reading(missing_reason="conflicting")
        return Reading("bilobar") if not is_one_named and not free - {"caudate"} else None
    if both:
        return Reading("bilobar") if "unilobar" not in involved else None
    if "caudate" in involved:
        # With one side it is a second lobe to some, and none of its own to others.
        is_beside_one = len(involved) == 2 and bool(involved & {"right", "left"}) and not free
        if is_beside_one and not segments:
            return Reading(missing_reason="conflicting")
        return Reading("unilobar") if involved <= {"caudate", "unilobar"} else None
    if not involved or ("unilobar" in free):
        return None
    own = {"right": RIGHT, "left": LEFT}
    for side, numbers in own.items():
        if side in involved and segments - numbers:
            return None
    if segments & LEFT and segments & RIGHT:
        return None
    return Reading("unilobar")


def _segments(field: str, text: str) -> set[int]:
    """The Couinaud segments that are named: "S6", "seg 6, 7"."""
    found: set[int] = set()
    is_listed = False
    # Roman numerals are segments wherever they stand, digits behind the word only.
    for lexeme in lexicon_of(field).lexemes(tokens_of(text)):
        if lexeme.kind == "concept" and lexeme.value == "segment":
            is_listed = True
        elif (
            lexeme.kind == "number"
            and lexeme.value in SEGMENTS
            and (is_listed or not set(lexeme.text) - set("ivab"))
        ):
            found.add(int(lexeme.value))
        elif lexeme.kind == "unknown" and lexeme.text[0] == "s" and lexeme.text[1:2].isdigit():
            found.add(int(lexeme.text[1]))
        elif lexeme.kind not in ("mark", "join", "fill"):
            is_listed = False
    return found


def _has_zero(statements: Sequence[Statement]) -> bool:
    return any(measure.low == 0 for statement in statements for _, measure in statement.measures)


def read_seeding(field: str, text: str, settings: Settings) -> Reading | None:
    """Yes where the peritoneum bears tumor; a peritoneal cancer index says it by its number."""
    statements = statements_of(text, field)
    if not is_understood(statements) or text[0] in "+-":
        return None
    named: dict[str, set[str]] = {}
    for statement in statements:
        for place, answer in _seeded(statement):
            named.setdefault(place, set()).add(answer)
    bare = loose_of(statements)
    answers = set().union(*named.values(), bare)
    if _is_named_alone(statements) and any(statement.unknown for statement in statements):
        # "Omental nodule - fat necrosis": what is only named is what the unknown word says.
        return None
    if {"yes", "no"} <= bare and not named:
        return None
    if not answers or answers & {"", "twice", "unstated"}:
        return None
    if {"yes", "no"} <= answers:
        # Free here and seeded there is seeded; free and seeded is a contradiction.
        is_parted = not bare and all(len(of_one) == 1 for of_one in named.values())
        return Reading("yes") if is_parted else Reading(missing_reason="conflicting")
    if answers in ({"yes"}, {"no"}):
        return Reading(answers.pop())
    if not answers - {"doubt", "unassessable"}:
        return Reading(missing_reason="not_assessable")
    return None


def _is_named_alone(statements: Sequence[Statement]) -> bool:
    """Whether something is named and neither asserted nor denied."""
    named = mentions_of(statements, "seeding", "omental seeding", "growth")
    return any(not mention.said for mention in named)


def _seeded(statement: Statement) -> list[tuple[str, str]]:
    answers: list[tuple[str, str]] = []
    sites = statement.named("site")
    growths = statement.named("growth")
    for mention in statement.mentions:
        if mention.concept in ("seeding", "omental seeding"):
            said = mention.said or "yes"
            answers.append((mention.concept, said))
        elif mention.concept.startswith("code "):
            answers.append(("code", mention.concept[5:] if mention.said in ("", "yes") else ""))
        elif mention.concept == "pci":
            numbers = [m for at, m in statement.measures if at - mention.segment in (0, 1)]
            if len(numbers) != 1 or numbers[0].low is None or mention.said:
                answers.append(("pci", ""))
            else:
                answers.append(("pci", "yes" if numbers[0].low > 0 else "no"))
                if numbers[0].low == 0 and numbers[0].high != 0:
                    answers.append(("pci", ""))
    if answers and any(m.said == "doubt" for m in growths):
        answers.append(("growth", "doubt"))
    if answers:
        return answers
    if sites and growths:
        said_here = {m.said for m in [*growths, *sites]} - {""}
        if len(said_here) > 1:
            return [("site", "twice")]
        return [("site", said_here.pop() if said_here else "yes")]
    if sites and {m.said for m in sites} in ({"no"}, {"yes"}):
        return [("site", sites[0].said)]
    if sites and statement.loose and not {m.said for m in sites} - {"", "yes", "no"}:
        return []
    return [("", "")] if sites or growths else []


def read_approach(field: str, text: str, settings: Settings) -> Reading | None:
    """Which of colon and liver was operated on first, by the words of order between them."""
    statements = statements_of(text, field)
    if not is_understood(statements):
        return None
    denied = [m for m in mentions_of(statements) if m.said not in ("", "yes")]
    if any(m.said != "no" or m.concept not in ("together", "synchronous") for m in denied):
        return None
    if loose_of(statements) - {"yes"}:
        return None
    named = {m.concept for m in mentions_of(statements)}
    if "unresected" in named and not named & {"together", "reverse", "classic", "first", "then"}:
        return Reading(missing_reason="not_applicable")
    if {"not applicable", "metachronous"} <= named:
        is_alone = not named - {"not applicable", "metachronous", "liver", "colon"}
        return Reading(missing_reason="not_applicable") if is_alone else None
    if "metachronous" in named or "not applicable" in named or "unresected" in named:
        return None
    votes = _approaches(
        [
            # The segments of another statement are others.
            replace(mention, segment=mention.segment + number * FURTHER)
            for number, statement in enumerate(statements)
            for mention in statement.mentions
            if mention not in denied
        ]
    )
    if len(votes) > 1:
        apart = [_approaches(statement.mentions) for statement in statements]
        is_said_twice = sum(bool(of_one) for of_one in apart) > 1 and "/" not in text
        return Reading(missing_reason="conflicting") if is_said_twice else None
    if votes:
        return Reading(votes.pop())
    if named == {"staged"} and not denied:
        return Reading(missing_reason="imprecise")
    return None


def _approaches(mentions: Sequence[Mention]) -> set[str]:
    """What each word of order says; no word, no order."""
    mentions = [
        mention
        for at, mention in enumerate(mentions)
        if at == 0 or mentions[at - 1].concept != mention.concept
    ]
    words = [m.concept for m in mentions]
    if ("together", "chemo") in pairwise(words):
        # "Combined chemoradiation" says nothing of the operations.
        return set()
    votes = _named_approaches(words)
    for at, word in enumerate(words):
        back = words[at - 1] if at else ""
        ahead = words[at + 1] if at + 1 < len(words) else ""
        if word in ("first", "earlier"):
            organ = _beside_first(mentions, at)
            if organ:
                votes.add(ORGANS[organ])
        elif word == "last" and back in ORGANS:
            is_listed = at >= 2 and words[at - 2] == "first" and ahead in ORGANS
            votes.add(ORGANS[OTHER[ahead if is_listed else back]])
        elif word in ("before", "after"):
            votes |= _beside(words, at)
        elif word == "then":
            votes |= _in_turn(words[:at], words[at + 1 :])
        elif word == "now" and back in ORGANS and at >= 2 and words[at - 2] == OTHER[back]:
            votes.add(ORGANS[OTHER[back]])
        elif word == "later":
            votes |= _later(words, at)
    return votes


def _beside_first(mentions: Sequence[Mention], at: int) -> str:
    """The organ that is first: of this segment, and the one before the word rather than behind."""
    organs = [m for m in mentions[max(at - 1, 0) : at + 2] if m.concept in ORGANS]
    here = [m for m in organs if m.segment == mentions[at].segment] or organs
    before_it = [m.concept for m in mentions[:at][-2:]]
    if set(before_it) == set(ORGANS) and here[0] is mentions[at - 1]:
        # "Colon and liver first colon": either.
        return ""
    return here[0].concept if here else ""


def _named_approaches(words: Sequence[str]) -> set[str]:
    named = set(words)
    votes = set()
    if "reverse" in named:
        votes.add("liver_first")
    if "classic" in named:
        votes.add("colon_first")
    organs = named & set(ORGANS)
    is_once = "once" in named and (len(organs) == 2 or "both" in named)
    if "together" in named or is_once:
        votes.add("simultaneous")
    orders = named & {"first", "then", "before", "after", "later", "earlier", "last", "staged"}
    if "synchronous" in named and not votes and not orders:
        votes.add("simultaneous")
    return votes


def _beside(words: Sequence[str], at: int) -> set[str]:
    """ "Colon before liver", and "before liver, colon"."""
    back = words[at - 1] if at else ""
    ahead = words[at + 1] if at + 1 < len(words) else ""
    further = words[at + 2] if at + 2 < len(words) else ""
    if ahead not in ORGANS:
        return set()
    if back in ORGANS:
        other = back
    elif at == 0 and further in ORGANS:
        other = further
    else:
        return set()
    if other == ahead:
        return set()
    return {ORGANS[other] if words[at] == "before" else ORGANS[ahead]}


def _in_turn(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """ "Colon then liver": the nearest organ of each side."""
    first = next((word for word in reversed(before) if word in ORGANS), "")
    second = next((word for word in after if word in ORGANS), "")
    return {ORGANS[first]} if first and second and first != second else set()


def _later(words: Sequence[str], at: int) -> set[str]:
    """ "Colon, later liver" and "colon, liver later"."""
    if at + 1 < len(words) and words[at + 1] in ORGANS:
        return _in_turn(words[:at], words[at + 1 :])
    if at >= 2 and words[at - 1] in ORGANS and words[at - 2] in {*ORGANS, "first"}:
        return {ORGANS[OTHER[words[at - 1]]]}
    return set()


READERS = {
    "lobar_involvement": read_lobes,
    "metastatic_seeding": read_seeding,
    "surgical_approach": read_approach,
}
