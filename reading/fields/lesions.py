"""How many metastases there are, and how large the largest is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reading.common import SEPARATORS, Reading
from reading.measures import Measure
from reading.sentence import parts_of
from reading.settings import Settings

# More metastases, or a larger one, are taken for another number or unit.
MOST = 60
LARGEST_MM = 300
SUBCENTIMETER = re.compile(r"^(?:all )?sub[ -]*centimet(?:er|re)s?(?= ?(?:lesions?|nodules?)?\.?$)")
# What is no size of a metastasis: a margin, another lesion, an image, a weight.
ASIDE = {"aside", "weight"}
# What may stand beside a count or a size and changes nothing of it.
QUIET = {"fill", "but", "affirmed", "affirm"}
# Words of measurements that may stand behind a number: "4 cm (approx.)", "2 تا".
LOOSE = {"about", "approximately", "approx", "ca", "estimated", "حدود", "حدودا", "تقریبا", "تا"}
NONE = {"none", "nil", "ندارد"}
# Denials of further ones only.
OTHERS = {"no more", "no further", "no other", "never"}
# "Segment", "lobe", however they are spelled.
BARE_PLACE = re.compile(r"s[a-z]*g[a-z]*|seg?m[a-z]*|lob[a-z]*|سگم\w*|لوب\w*")


@dataclass(slots=True)
class Item:
    """A part of the text: a count, a size, a bare number, or what a word or mark stands for."""

    kind: str
    text: str = ""
    measure: Measure | None = None
    is_segment: bool = False


def items_of(field: str, text: str) -> list[Item] | None:
    """The parts of a text that matter; none where one of them is not understood."""
    parts = parts_of(text, field)
    items: list[Item] = []
    for part in parts:
        if isinstance(part, Measure):
            kind = "size" if part.unit == "mm" or part.is_product else "number"
            if part.unit not in ("", "mm"):
                return None
            items.append(Item(kind, measure=part))
        elif part.kind == "mark" and part.value in SEPARATORS | {"#"}:
            items.append(Item(part.value, part.text))
        elif part.kind == "concept" or part.kind in ("deny", "denied", "join", "unit"):
            items.append(Item(part.value if part.kind == "concept" else part.kind, part.text))
        elif part.kind == "compare" and part.value == "x":
            items.append(Item("x", part.text))
        elif part.kind not in QUIET and (part.kind != "compare" or part.text not in LOOSE):
            return None
    return _with_lists(_without_places(_without_enumerators(items)))


def _without_enumerators(items: list[Item]) -> list[Item]:
    """Without the numbers that number lesions: "1) 3 cm", "#2: 1 cm", "nodule 1: 3 cm"."""
    kept: list[Item] = []
    for at, item in enumerate(items):
        following = items[at + 1 : at + 3]
        is_label = item.kind == "number" and (
            (kept and kept[-1].kind == "#")
            or ([i.kind for i in following[:1]] == [")"] and "(" not in [i.kind for i in kept])
            or [i.kind for i in following] == [":", "size"]
        )
        if is_label:
            kept.append(Item("label", "#"))
        else:
            kept.append(item)
    return kept


def _without_places(items: list[Item]) -> list[Item]:
    """Segments with their numbers, and lobes, each as one place."""
    kept: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        if item.kind not in ("segment", "lobe", "s-number"):
            kept.append(item)
            at += 1
            continue
        end = at + 1
        names = [item.text]
        while end < len(items) and (name := _name_of_place(items, end)):
            names.append(name)
            end += 1
        # The separators after the last number belong to the sentence again.
        while items[end - 1].kind in (",", "join", "-", "/"):
            end -= 1
            names.pop()
        name = " ".join(names)
        is_segment = any(part.kind in ("segment", "s-number") for part in items[at:end])
        if kept and kept[-1].kind == "place":
            kept[-1].text += " " + name
        else:
            kept.append(Item("place", name, is_segment=is_segment))
        at = end
    return kept


def _name_of_place(items: Sequence[Item], at: int) -> str:
    """The number of a segment, or what joins two of them; nothing where the place ends."""
    item = items[at]
    if item.kind in ("segment", "lobe", "s-number"):
        return item.text or "."
    if item.kind == "number" and item.measure and item.measure.low is not None:
        if not any(i.kind == "segment" for i in items[:at]) or items[at - 1].kind == "lobe":
            return ""
        follows = items[at + 1].kind if at + 1 < len(items) else ""
        before = items[at - 1].kind
        # "Segment 6, 2 nodules": what is counted is no segment.
        if before in (",", "join") and follows in ("lesion", "place", "segment", "lobe"):
            return ""
        return f"{item.measure.low}-{item.measure.high}"
    if item.kind in (",", "join", "-", "/") and at + 1 < len(items):
        after = items[at + 1].kind
        return item.text if after in ("number", "s-number") else ""
    return ""


def _with_lists(items: list[Item]) -> list[Item]:
    """Bare numbers listed before one with a unit have its unit: "3, 2 and 1 cm"."""
    for at, item in enumerate(items):
        if item.kind != "size" or item.measure is None:
            continue
        before, is_joined = at - 1, False
        listed: list[Item] = []
        while before >= 1 and items[before].kind in (",", "join", "/"):
            is_joined = is_joined or items[before].kind == "join"
            before -= 1
            if items[before].kind in (",", "join"):
                continue
            if items[before].kind != "number":
                break
            listed.append(items[before])
            before -= 1
        # "(4.0, 2.5, 1.1 cm)".
        is_joined |= len(listed) > 1 and items[before].kind == "("
        for other in listed:
            measure = other.measure and other.measure.in_unit(item.measure.written)
            # "5, 4.5 cm" may be five of them.
            other.kind = "size" if is_joined and measure else "strange"
            other.measure = measure if is_joined else None
    return items


def read_count(field: str, text: str, settings: Settings) -> Reading | None:
    """The number of metastases; counts of several places are added."""
    items = items_of(field, text)
    if items is None:
        return None
    items = _without_sizes(items)
    kinds = [item.kind for item in items]
    if "gone" in kinds or {"deny", "denied"} & set(kinds):
        return _none_left(items)
    if any(kind in kinds for kind in ("strange", "specimen", "unit", "size")):
        return None
    counts = [item for item in items if item.kind == "number"]
    wholes = [_whole(item.measure) for item in counts if item.measure]
    if any(whole is None for whole in wholes):
        return None
    number = _of_places(items, [whole for whole in wholes if whole is not None])
    if counts and number is None:
        return None
    is_many, is_one = "many" in kinds, "one" in kinds
    if is_many and is_one:
        return None
    if number is None:
        if is_many:
            return Reading(measure=Measure(Decimal(2), None))
        return Reading(measure=Measure(Decimal(1), Decimal(1))) if is_one else None
    if is_one and (number.low, number.high) != (1, 1):
        return None
    if is_many and ((number.low or 0) < 2 or kinds.count("place") > 1):
        return None
    return Reading(measure=number)


def _none_left(items: Sequence[Item]) -> Reading | None:
    """No metastasis: said in words, or by a zero beside them."""
    kinds = {item.kind for item in items}
    numbers = [item.measure for item in items if item.kind == "number"]
    if any(measure is None or measure.low != 0 or measure.high != 0 for measure in numbers):
        return None
    denials = [item for item in items if item.kind in ("deny", "denied")]
    named = kinds & {"lesion", "gone"}
    if kinds & {"many", "one", "strange", "size", "unit", "specimen", "place"}:
        return None
    if any(item.text in OTHERS for item in denials):
        return None
    if len(denials) > 1 or (denials and not named and denials[0].text not in NONE):
        return None
    if denials and "gone" in kinds and denials[0].text not in NONE:
        return None
    return Reading(measure=Measure(Decimal(0), Decimal(0)))


def _without_sizes(items: Sequence[Item]) -> list[Item]:
    """Without sizes: what has a unit, and the bare number that stands at "largest"."""
    is_size = [item.kind == "size" for item in items]
    for at, item in enumerate(items):
        if item.kind == "greatest":
            ahead = at + 1
            while ahead < len(items) and items[ahead].kind in ("lesion", ":", "greatest"):
                ahead += 1
            if ahead < len(items) and items[ahead].kind == "number":
                is_size[ahead] = True
    kept = [item for item, is_it in zip(items, is_size, strict=True) if not is_it]
    if any(is_size) and not any(i.kind in ("lesion", "many", "one") for i in kept):
        return [Item("size")]
    return kept


def _whole(measure: Measure) -> Measure | None:
    """A bound of counts as the counts themselves: "> 5" is 6 or more."""
    low = Decimal(0) if measure.low is None else measure.low
    high = measure.high
    if low != int(low) or (high is not None and high != int(high)):
        return None
    if measure.low_is_open:
        low += 1
    if high is not None and measure.high_is_open:
        high -= 1
    if low < 0 or low > MOST or (high is not None and (high < low or high > MOST)):
        return None
    return Measure(low, high)


def _of_places(items: Sequence[Item], wholes: list[Measure]) -> Measure | None:
    """The count, or the sum of those of several places, which a total before them has to equal."""
    order: list[str] = []
    places: list[str] = []
    for at, item in enumerate(items):
        before = items[at - 1] if at else Item("")
        if item.kind == "number":
            order.append("C")
            # A count beside a bare number, a mark that turns it, or what is no lesion.
            if before.kind in ("-", "/", "deny", "label", "of") and before.text != "of":
                return None
            if before.kind == "x" and at > 1 and items[at - 2].kind != "lesion":
                return None
        elif item.kind == "place":
            order.append("P")
            places.append(item.text)
            if before.kind == "number" and at == len(items) - 1 and _is_bare(item):
                # "Two segments" counts segments.
                return None
        elif item.kind == "label":
            return None
    pattern = "".join(order)
    if "x" in [i.kind for i in items[-1:]]:
        return None
    has_lesion = any(item.kind in ("lesion", "many", "one", "total") for item in items)
    if len(wholes) == 2 and pattern.startswith("CC") and wholes[0] == wholes[1] and _glossed(items):
        return wholes[0] if pattern.rstrip("P") == "CC" else None
    if pattern.startswith("CPP") and set(pattern[1:]) == {"P"} and has_lesion:
        # "2 lesions (seg 5 and seg 8)".
        is_enough = (wholes[0].low or 0) >= len(places) and len(set(places)) == len(places)
        return wholes[0] if is_enough and not _either(items) else None
    if pattern in ("C", "CP"):
        kinds = [i.kind for i in items]
        if pattern == "CP" and not has_lesion and "," in kinds[: kinds.index("place")]:
            return None
        if _either(items):
            return None
        return wholes[0]
    if pattern in ("PC", "PCP"):
        return wholes[0] if has_lesion and items[-1].kind != "number" else None
    if pattern == "CC" and _either(items):
        ends = sorted(whole.low or Decimal(0) for whole in wholes if whole.is_exact)
        return Measure(ends[0], ends[1]) if len(ends) == 2 else None
    total = (
        wholes[0] if len(wholes) == len(places) + 1 and pattern.startswith(("CC", "CPC")) else None
    )
    parts = wholes[1:] if total else wholes
    pattern = pattern[1:] if total else pattern
    pairs = len(parts)
    if pairs < 2 or pattern not in ("CP" * pairs, "PC" * pairs) or len(set(places)) != pairs:
        return None
    if any(part.low != part.high for part in parts):
        return None
    added = sum((part.low or Decimal(0) for part in parts), Decimal(0))
    if added > MOST or (total and (total.low, total.high) != (added, added)):
        return None
    return Measure(added, added)


def _is_bare(place: Item) -> bool:
    return BARE_PLACE.fullmatch(place.text) is not None


def _glossed(items: Sequence[Item]) -> bool:
    """Nothing but a parenthesis between the two counts: "three (3)"."""
    at = [index for index, item in enumerate(items) if item.kind == "number"]
    return [item.kind for item in items[at[0] + 1 : at[1]]] in (["("], ["lesion", "("])


def _either(items: Sequence[Item]) -> bool:
    """ "1 or 2"."""
    return any(item.kind == "join" and item.text in ("or", "یا") for item in items)


def read_size(field: str, text: str, settings: Settings) -> Reading | None:
    """The greatest dimension of the largest lesion in mm; a bare number has the extract's unit."""
    items = items_of(field, SUBCENTIMETER.sub("< 1 cm", text))
    if items is None:
        return None
    kinds = [item.kind for item in items]
    headed = next((item.text for item in items if item.kind == "unit"), settings.unit)
    sizes: list[Measure] = []
    lesser: list[Measure] = []
    is_behind_another = False
    if "weight" in kinds and not {"lesion", "greatest"} & set(kinds):
        # "12 cm, 300 g" is the specimen.
        return None
    for clause in _clauses(items, with_brackets=bool(ASIDE & set(kinds))):
        found = _sizes_of(clause, headed)
        if found is None:
            return None
        named = {item.kind for item in clause}
        if named & ASIDE:
            # "1 cm from the margin": a clause with a measure of its own, of another matter.
            if "lesion" in named or not any(item.measure for item in clause):
                return None
            is_behind_another = True
            continue
        if found and is_behind_another and "lesion" not in named:
            return None
        if found and "specimen" in kinds and "lesion" not in named:
            return None
        if "lesser" in named:
            lesser += found
        else:
            sizes += found
    if not sizes:
        is_gone = "gone" in kinds and not {"deny", "denied", "number"} & set(kinds)
        return Reading(measure=Measure(Decimal(0), Decimal(0), unit="mm")) if is_gone else None
    if "gone" in kinds and all(size.high == 0 for size in sizes):
        kinds = [kind for kind in kinds if kind != "gone"]
    if {"deny", "denied", "gone", "strange"} & set(kinds):
        return None
    if _either(items) or _is_of_a_lobe(items) or _differ_in_glosses(items):
        return None
    if len(sizes) == 2 and sizes[0].low != sizes[0].high and _is_within(sizes[1], sizes[0]):
        sizes = sizes[1:]
    if all(size.bounds == sizes[0].bounds for size in sizes):
        # "Under 1 cm (< 10 mm)" is one.
        sizes = sizes[:1]
    if len(sizes) == 1:
        largest = sizes[0]
    elif all(size.low == size.high for size in sizes):
        largest = max(sizes, key=lambda size: size.low or Decimal(0))
    else:
        return None
    if "range" in kinds and len(sizes) == 1 and largest.high is not None:
        largest = replace(largest, low=largest.high)
    if "in part" in kinds:
        # "6 cm, incompletely sampled": there is more of it.
        largest = replace(largest, high=None)
    if any((size.high or size.low or 0) > (largest.low or 0) for size in lesser):
        return None
    if (largest.low or 0) > LARGEST_MM or (largest.high or 0) > LARGEST_MM:
        return None
    return Reading(measure=largest)


def _is_of_a_lobe(items: Sequence[Item]) -> bool:
    """ "Right lobe 18 cm" may be the lobe itself; "right lobe 3 cm, left lobe 2 cm" is not."""
    kinds = [item.kind for item in items if item.kind != ":"]
    return kinds == ["place", "size"] and not items[0].is_segment


def _differ_in_glosses(items: Sequence[Item]) -> bool:
    """A size and another one in parentheses behind it, in another unit, that is not the same."""
    for at, (first, mark, second) in enumerate(zip(items, items[1:], items[2:], strict=False)):
        follows = items[at + 3].kind if at + 3 < len(items) else ""
        is_count = second.kind == "number" and follows == "lesion"
        if (
            mark.kind == "("
            and not is_count
            and first.measure
            and second.measure
            and first.measure.written != second.measure.written
            and first.measure.low != second.measure.low
            and not _is_within(second.measure, first.measure)
        ):
            return True
    return False


def _is_within(exact: Measure, bounds: Measure) -> bool:
    """ "Under 2 cm (19 mm)"."""
    low, high = bounds.low or Decimal(0), bounds.high or LARGEST_MM
    return exact.is_exact and low < (exact.low or 0) <= high


def _clauses(items: Sequence[Item], with_brackets: bool = False) -> list[list[Item]]:
    """The parts of a text between commas and stops, and between brackets too if asked."""
    ends = {",", ";", ".", *("()[]" if with_brackets else "")}
    clauses: list[list[Item]] = [[]]
    for at, item in enumerate(items):
        following = items[at + 1].kind if at + 1 < len(items) else ""
        is_next = following in ("greatest", "lesion", "lesser", "specimen") and any(
            part.measure for part in clauses[-1]
        )
        # "6 cm mass, with a 1 cm satellite".
        is_lesser = item.measure and following == "lesser" and any(i.measure for i in clauses[-1])
        if is_lesser:
            clauses.append([])
        if item.kind in ends or (item.kind == "join" and is_next):
            clauses.append([])
        else:
            clauses[-1].append(item)
    return [clause for clause in clauses if clause]


def _sizes_of(clause: Sequence[Item], unit: str | None) -> list[Measure] | None:
    """The sizes of lesions in a clause, in mm; none at all where one is not understood."""
    kinds = [item.kind for item in clause]
    if "specimen" in kinds:
        # Two things in one clause: which of them the size is of is not known.
        return None if "lesion" in kinds else []
    found: list[Measure] = []
    for at, item in enumerate(clause):
        if item.measure is None:
            continue
        before = clause[at - 1].kind if at else ""
        after = clause[at + 1].kind if at + 1 < len(clause) else ""
        if before in ("-", "x") or after == "x" or (after == "-" and item.kind == "number"):
            return None
        if item.kind == "number" and "/" in (before, after):
            return None
        if item.kind == "number" and (after in ("lesion", "many") or before in ("of", "label")):
            # How many there are, and which of them.
            continue
        measure = item.measure.in_unit(unit)
        if measure is None:
            return None
        if item.kind == "number" and before == "lesion" and "greatest" not in kinds:
            # "Tumor 3" may be the third, or three of them.
            return None
        found.append(measure)
    return found


READERS = {"metastasis_count": read_count, "largest_metastasis": read_size}
