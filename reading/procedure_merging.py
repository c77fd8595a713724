"""The parts of a text of procedures that belong together, made one.

A part may only say where, or of which kind, what stands beside it is: "Hepatectomy, right",
"segment 7, wedge resection".
"""

from __future__ import annotations

from reading.common import NotUnderstood
from reading.couinaud import SECTIONS, SegmentList
from reading.procedure_parts import OPEN_HEADS, SIDES, SMALL, Part, is_liver_resection

# Behind these stands what belongs to what is before.
SOFT = {",", ":", "-", "(", "["}


def unbracketed(parts: list[Part]) -> list[Part]:
    """The parts, with a place, its segments in brackets and what was done there made one.

    "Caudate (S1) resection".
    """
    kept: list[Part] = []
    for part in parts:
        place, gloss = kept[-2:] if len(kept) > 1 else (None, None)
        is_gloss = gloss is not None and gloss.before in ("(", "[") and not gloss.words
        if (
            place is not None
            and gloss is not None
            and is_gloss
            and place.is_place
            and not place.lists
            and _is_whole(place, gloss.segments)
            and part.before in (")", "]")
            and part.heads
            and not part.lists
        ):
            kept[-2:] = [_joined(_joined(place, part), gloss)]
        else:
            kept.append(part)
    return kept


def _is_whole(place: Part, segments: frozenset[int]) -> bool:
    """All of the place, and no segment of it: "right lobe (S6) resection"."""
    return segments == {1} if "caudate" in place.words else len(segments) > 1


def merged(parts: list[Part]) -> list[Part]:
    """The parts with what only says where, or of which kind, put to what it speaks of.

    Raises NotUnderstood where it may be said of either of two.
    """
    kept: list[Part] = []
    for at, part in enumerate(parts):
        last = kept[-1] if kept else None
        is_apart = part.before in ("+", ";", ".", "|")
        if _is_label(part, parts[at + 1 :]):
            continue
        if part.words == {"liver"} and not part.lists and _is_place_beside(last, part, parts[at:]):
            continue
        if last is not None and last.words == {"caudate"} and part.heads and part.words & SIDES:
            kept.append(part)
        elif last is not None and part.words == {"partial"} and last.words & SMALL:
            # "Metastasectomies, parenchymal sparing".
            continue
        elif last is not None and _tells_how(part) and _is_of_lesions(last):
            # "Resection of right posterior section metastasis (wedge)".
            kept[-1] = _joined(last, part)
            kept[-1].trailing |= kept[-1].words
        elif last is not None and _tells_how(part) and _is_of_section(last):
            # "Resection of left lateral section (wedge)": all of it, or a wedge?
            raise NotUnderstood
        elif last is not None and last.words == {"organ"} and _is_wedge_beside(part):
            # "Diaphragm + liver wedge": of both.
            kept[-1] = part
        elif last is not None and part.before == "+" and is_left_lateral(last):
            # "Left lateral + wedge S7".
            kept[-1] = Part(last.before, last.words | {"sectionectomy"}, last.lists)
            kept.append(part)
        elif last is not None and last.is_place:
            # "Segment 7, wedge resection".
            is_counted = part.counts and part.words & SMALL
            if (is_apart and not is_counted) or not part.words & (
                SMALL | {"segmentectomy", "other"}
            ):
                raise NotUnderstood
            kept[-1] = _joined(last, part)
        elif last is not None and part.is_place and not part.words - {"segment"} and is_apart:
            # "Left hepatectomy with segment 1".
            kept.append(Part(part.before, {"beside"}, part.lists))
        elif (
            last is not None
            and part.before == "+"
            and not part.words - {"organ", *SIDES}
            and is_liver_resection(last)
        ):
            # "Right hepatectomy with the gallbladder".
            continue
        elif last is not None and part.words == {"caudate"} and not last.words & SMALL:
            kept.append(part)
        elif last is not None and part.is_place and not is_apart:
            kept[-1] = _with_place(last, part)
        elif last is not None and _is_bare(last) and (not is_apart or _is_kind(part)):
            kept[-1] = _with_kind(last, part)
        elif last is not None and part.before in ("(", "[") and last.words & SMALL:
            if is_liver_resection(part) and not part.words & SMALL:
                raise NotUnderstood
            kept.append(part)
        else:
            kept.append(part)
    return kept


def _is_place_beside(last: Part | None, part: Part, others: list[Part]) -> bool:
    """ "Liver, wedge", "wedge, liver", yet not "colon, liver" nor "liver and colon resection"."""
    if last is None:
        return len(others) > 1 and others[1].before in SOFT
    return part.before in SOFT and is_liver_resection(last)


def _is_label(part: Part, following: list[Part]) -> bool:
    """ "Liver: …", "Synchronous resection: …": what follows says what was done."""
    if not following or following[0].before != ":" or part.lists:
        return False
    if part.words & {"liver", "organ"} and not part.words - {"liver", "organ", "colorectal"}:
        return True
    return _is_bare(part) and any(
        is_liver_resection(other) and not _is_bare(other) for other in following
    )


def _tells_how(part: Part) -> bool:
    return part.before in SOFT and bool(part.words) and not (part.words - SMALL or part.lists)


def _is_of_lesions(part: Part) -> bool:
    is_open = bool(part.heads) and not part.heads - OPEN_HEADS
    return is_open and "lesion" in part.words and not part.words & SMALL


def _is_of_section(part: Part) -> bool:
    is_open = bool(part.heads) and not part.heads - {"resection", "excision", "liver resection"}
    return is_open and "section" in part.words


def _is_wedge_beside(part: Part) -> bool:
    return part.before == "+" and "liver" in part.words and bool(part.words & {"wedge"})


def is_left_lateral(part: Part) -> bool:
    """ "Left lateral" and no more, which can be but the section."""
    return {"left", "lateral"} <= part.words <= {"left", "lateral", "section"}


def _is_kind(part: Part) -> bool:
    """ "Hepatectomy; wedge", "Hepatectomy; trisegmentectomy"."""
    if part.before == ";" and part.words & {"trisectionectomy", "hemihepatectomy"}:
        # Major, whatever else the hepatectomy may have been.
        return True
    return part.before == ";" and not part.words - SMALL - {"liver"} and bool(part.words & SMALL)


def _with_kind(part: Part, kind: Part) -> Part:
    """ "Hepatectomy, wedge", "Liver resection: right hepatectomy": the latter says which."""
    if not is_liver_resection(kind) and not kind.words & SMALL:
        raise NotUnderstood
    if not kind.heads:
        joined = _joined(part, kind)
        joined.trailing |= part.words
        return joined
    return kind


def _is_bare(part: Part) -> bool:
    return bool(part.heads) and not (part.words - OPEN_HEADS - {"liver"} or part.lists)


def _joined(one: Part, other: Part) -> Part:
    return Part(
        one.before,
        one.words | other.words,
        one.lists + other.lists,
        trailing=one.trailing | other.trailing | (other.words if one.lists else set()),
        counts=one.counts or other.counts,
    )


def _with_place(part: Part, place: Part) -> Part:
    in_brackets = place.before in ("(", "[")
    if "caudate" in place.words and not in_brackets:
        raise NotUnderstood
    if _is_bare(part):
        if in_brackets and place.words & SIDES and not part.words & {"hepatectomy", "lobectomy"}:
            raise NotUnderstood
        return _joined(part, place)
    if part.words & {"other", "colorectal", "unresected", "organ"} and not part.heads:
        is_of_liver = place.lists or place.words & {"liver", "lobe", "section", "segment"}
        if is_of_liver and "colorectal" in part.words:
            raise NotUnderstood
        if not in_brackets and (place.words & {"lateral", "medial", "anterior", "posterior"}):
            raise NotUnderstood
        return part
    if part.words & SMALL:
        if any(map(_is_a_section, place.lists)) and not in_brackets:
            raise NotUnderstood
        if place.words & {"lateral", "medial", "anterior", "posterior"} and not in_brackets:
            raise NotUnderstood
        return part
    if part.heads:
        return _joined(part, place)
    raise NotUnderstood


def _is_a_section(one: SegmentList) -> bool:
    """Whether these segments may be a resection of their own: a whole section, and no more."""
    return one.is_open_range or one.segments in SECTIONS.values()
