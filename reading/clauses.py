"""The clauses of a comment, each with the fields that it is about.

The words are those of words/comments.csv.

kind          what a phrase of it does, beside the kinds of all lexicons
topic         names a field, `value` says which
weak          names a field only where nothing before it speaks of something else ("grade 2")
code          is a value by itself, where it stands among words that are known ("R0")
lesion        what a size may be of; `here`: and it says that the liver is spoken of
largest       names the lesion of which the size is asked
lesser        names another one
vessel, act   a vessel is a topic only beside an invasion
extent        asserts an invasion that it stands with ("focal")
aside         names something that is no field's; `place`: which a margin may be of;
              `node`, `rival`: of which a size may be; `tract`: where vessels are invaded;
              `tumor`: a feature of the tumor, of which a size behind it still is
degree        how much; of a tumor its differentiation
graded        what a grade beside it may be of
apart, range  a length is a distance, or one of several
side          which of several margins it is
cause         what follows is why, not what
specimen      a length beside it is not the tumor's
time, organ, means, sentence, primary   another time, organ or means; the primary tumor;
              `report`: which may lack something; `surgeon`: who may tell of R2
idle          is left out: where the metastasis is from, which says nothing of another organ
fill          changes nothing, and is left out for a field whose lexicon lacks it
here          of this liver, now
heading       may stand before a statement
refuse        the comment corrects, or speaks of, another text: nothing is taken
split         parts a clause like a conjunction
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, pairwise, takewhile

from reading.comment_text import PAUSES
from reading.lexicon import Lexeme

FIELDS = {
    "margin": "margin_distance",
    "size": "largest_metastasis",
    "grade": "tumor_grade",
    "lvi": "lymphovascular_invasion",
    "pni": "perineural_invasion",
    "regression": "tumor_regression",
    "viable": "viable_tumor_percent",
    "steatosis": "steatosis",
}
# Topics that one clause may speak of together.
TOGETHER = [{"lvi", "pni"}, {"regression", "viable"}, {"grade", "size"}]
INVASION = {"lvi", "pni"}
LENGTHS = {"mm", "cm", "um"}
SETTLING = {"deny", "denied", "affirm", "affirmed", "doubt", "unassessable", "unstated"}
ANSWERS = SETTLING | {"number", "compare"}
ANSWERING = ANSWERS | {"code", "extent", "unknown"}
ELSEWHERE = {"time", "organ", "means", "sentence", "primary"}
SKIPPED = {"mark", "fill", "split", "but"}
ALTERNATIVES = {"or", "nor", "یا"}
INVADING = {"invading", "invades", "infiltrating", "infiltrates", "with invasion of"}
NERVES = {
    "nerve",
    "nerves",
    "nerve bundle",
    "nerve bundles",
    "nerve twigs",
    "nerve fibers",
    "عصب",
    "اعصاب",
}
EXCEPTIONS = {"except", "except for", "apart from", "other than", "بجز", "به جز", "غیر از", "مگر"}
# Denials that begin another thing, behind what tells of the one before.
DENYING_NEXT = {
    "without",
    "with no",
    "and no",
    "and without",
    "no",
    "بدون",
    "فاقد",
    "و بدون",
    "و فاقد",
}
TELLING = {"affirmed", "denied", "degree", "number", "unassessable"}
LISTED = {"deny", "denied", "affirm", "vessel", "fill", "mark", "join"}
NAMING = {"topic", "code", "aside"}
# Kinds of words by which a field is named, or told.
NAMES = {"topic", "code", "weak"}
# A lesion beside a length, and what relates a length to a margin.
AT_LESION = {frozenset(("lesion", "number")), frozenset(("lesion", "unit"))}
RELATING = {
    *("from", "to", "by", "of", "away", "distance", "clearance", "free by", "clear of", "free of"),
    *("از", "تا", "فاصله"),
}
# Prepositions of a place, and how far behind one its name stands.
PLACING = {"of", "in", "within", "near", "among", "amid", "at", "along", "around"}
PLACING |= {"در", "از", "در زمینه"}
LONGEST_PLACE = 3
TOUCHING = {"abutting", "touching", "reaching", "abuts", "touches"}
AT = {"at", "with", "در", "با", "به"}
INSIDE = {"in", "within", "inside", "داخل", "درون"}
SCARS = {"scar", "scars", "اسکار"}
PLACES = {"segment", "segments", "seg", "in segment", "specimen", "سگمان", "سگمنت"}
LETTERS = set("abcdef")
ORDINALS = {"اول", "دوم", "سوم", "چهارم"}
REST = {"the rest", "rest", "remaining", "بقیه"}
# Another lesion by one phrase: "satellite nodule", "the smaller one".
NAMED_IN_FULL = ("nodule", "nodules", "lesions", "satellite", "satellites", " one", " ones")
# What tells of a part of several lesions: "one of two", "most of the nodules".
ONE = {"one", "یکی", "یک"}
SOME = ONE | {"some", "several", "many", "most", "majority", "few"}
SOME |= {"اکثر", "بیشتر", "برخی", "بعضی"}
ARTICLES = {"the", "these", "those"}
PART_OF = {"of", "out of", "از", "/"}
OTHERS = {"other", "others", "the other", "remaining", "the rest", "دیگر", "بقیه"}
COUNTS = {"number", "number of", "count", "tumor number", "focality", "tumor focality", "تعداد"}
COUNTS |= {"number of tumors", "تعداد ضایعات", "تعداد متاستاز"}
ASIDE, HEADING, LESION = "aside", "heading", "lesion"
COMMA = Lexeme("mark", ",", ",")


@dataclass(slots=True)
class Clause:
    """Lexemes of a sentence that say one thing, and the fields it is about (keys of FIELDS).

    A `weak` clause is about its field only where nothing before it speaks of something else; an
    `aside` one is about something that is no field's, and of a `mixed` one it is not known which of
    its fields is told what.
    """

    lexemes: list[Lexeme]
    about: set[str] = field(default_factory=set)
    is_weak: bool = False
    is_aside: bool = False
    is_mixed: bool = False

    @property
    def kinds(self) -> set[str]:
        """The kinds of its words."""
        return {lexeme.kind for lexeme in self.lexemes}

    @property
    def has_length(self) -> bool:
        """A unit of length stands in it."""
        return any(lexeme.kind == "unit" and lexeme.value in LENGTHS for lexeme in self.lexemes)

    @property
    def has_percent(self) -> bool:
        """A percent sign stands in it."""
        return any(lexeme.kind == "unit" and lexeme.value == "percent" for lexeme in self.lexemes)

    @property
    def answers(self) -> bool:
        """Anything is said, not only named."""
        return bool(self.kinds & ANSWERING)

    @property
    def goes_on(self) -> bool:
        """It begins with an answer, or a number: it belongs to what was named before."""
        first = next((x for x in self.lexemes if x.kind not in SKIPPED), COMMA)
        return first.kind in ANSWERS

    @property
    def is_place(self) -> bool:
        """It names no more than where a margin may be."""
        is_named = "vessel" in self.kinds or any(x.value == "place" for x in self.lexemes)
        return self.is_aside and is_named

    @property
    def ends_with_metastasis(self) -> bool:
        """It tells how large another thing is, beside the metastasis."""
        kinds = [x.kind for x in self.lexemes if x.kind not in ("fill", "mark", "degree")]
        last = next((x for x in reversed(self.lexemes) if x.kind not in SKIPPED), COMMA)
        return self.has_length and kinds[-2:] == ["split", "lesion"] and last.value == "here"

    @property
    def measures_lesion(self) -> bool:
        """A number stands behind the lesion, and is no count of them."""
        behind = dropwhile(lambda lexeme: lexeme.kind != "lesion", self.lexemes)
        words = [lexeme for lexeme in behind if lexeme.kind in ("number", "compare")]
        return bool(words) and words[0].value != "x"

    @property
    def excepts(self) -> bool:
        """It begins with an exception."""
        return bool(self.lexemes) and self.lexemes[0].text in EXCEPTIONS

    @property
    def is_alternative(self) -> bool:
        """It begins with "or": what was said before may hold of it, too."""
        return next((x.text in ALTERNATIVES for x in self.lexemes if x.kind != "mark"), False)

    @property
    def names_largest(self) -> bool:
        """The largest lesion is named in full: "largest focus"."""
        return any(x.value == "lesion" for x in self.lexemes)

    @property
    def may_be_denied(self) -> bool:
        """Behind "no LVI, " it may go on with what is denied: "margin involvement"."""
        is_other = bool(self.about - INVASION - {"regression"})
        return is_other and not self.kinds & ((ANSWERING | {"degree"}) - {"affirm", "affirmed"})

    @property
    def counts_lesions(self) -> bool:
        """It tells no more than how many lesions there are: "number of tumors: 2"."""
        asides = [x.text for x in self.lexemes if x.kind == "aside"]
        return bool(asides) and all(text in COUNTS for text in asides) and not self.has_length

    @property
    def is_of_tumor(self) -> bool:
        """It names no more than a feature of the tumor, as necrosis."""
        asides = [x for x in self.lexemes if x.kind == "aside"]
        is_counted = "number" in self.kinds and not self.has_percent
        return bool(asides) and all(x.value == "tumor" for x in asides) and not is_counted

    @property
    def is_of_vessels(self) -> bool:
        """It names vessels, and nothing that is another matter."""
        return self.is_aside and "vessel" in self.kinds and "aside" not in self.kinds

    def first(self) -> str:
        """The kind of its first word."""
        return next((x.kind for x in self.lexemes if x.kind != "mark"), "")


def clauses_of(sentence: Sequence[Lexeme]) -> list[Clause]:
    """The parts between commas and brackets; those of several fields parted further."""
    parts: list[list[Lexeme]] = [[]]
    for lexeme in sentence:
        if lexeme.kind == "but" or (lexeme.kind == "mark" and lexeme.text in PAUSES):
            parts.append([])
        parts[-1].append(lexeme)
    clauses: list[Clause] = []
    for part in _bridged(parts):
        if any(lexeme.kind != "mark" for lexeme in part):
            has_act = any(x.kind == "act" or x.value in INVASION for x in part)
            has_act = has_act or _begins_list(part, sentence)
            clauses += _parted(part, has_act)
        elif clauses:
            clauses[-1].lexemes += part
    return clauses


def _bridged(parts: list[list[Lexeme]]) -> list[list[Lexeme]]:
    """A clause that goes on behind brackets, where all before names nothing: "no (0/5) LVI"."""
    found: list[list[Lexeme]] = []
    for part in parts:
        is_behind = part and part[0].text in (")", "]")
        before = found[-2] if len(found) > 1 else []
        is_answer = len(found) > 2 and any(x.kind in ("number", "unit") for x in before)
        # "The tumor (31 mm) is 2 mm from the margin".
        is_answer |= any(x.kind == "lesion" for x in before) and any(
            x.kind == "unit" for x in found[-1]
        )
        is_named = not before or any(_topics(x, False) for x in found[-2:])
        if is_behind and not is_named and not is_answer:
            found[-2:] = [[*found[-2], *found[-1], *part]]
        else:
            found.append(part)
    return found


def _parted(part: list[Lexeme], has_act: bool) -> list[Clause]:
    """A clause by conjunctions and codes, if it speaks of more than one thing."""
    topics = _topics(part, has_act)
    is_one = len(topics) < 2 and not any(_is_heading(part, at) for at in range(1, len(part)))
    if is_one and not ("margin" in topics and _names_lesion(part)):
        return [_classified(part, has_act)]
    pieces: list[list[Lexeme]] = [[]]
    for at, lexeme in enumerate(part):
        has_begun = any(x.kind not in ("join", "split", "mark") for x in pieces[-1])
        if has_begun and _is_border(part, at, ASIDE in topics):
            pieces.append([COMMA] if _is_heading(part, at) else [])
        pieces[-1].append(lexeme)
    before: list[Lexeme] = []
    for piece in pieces:
        if _is_distance_of(piece, before):
            return [Clause(part, {"margin", "size"}, is_mixed=True)]
        before += piece
    if is_one and not _is_lesion_and_margin(pieces):
        return [_classified(part, has_act)]
    joined: list[list[Lexeme]] = []
    for piece in pieces:
        if joined and not (_is_named(piece, has_act) and _stands_alone(joined[-1], has_act)):
            joined[-1] += piece
        else:
            joined.append(piece)
    led = next((x for x in joined[0] if x.kind != "mark"), joined[0][0])
    if led.kind == "split" and not {x.kind for x in joined[0]} & SETTLING:
        # "With a margin of 1 mm and LVI": with both.
        for piece in joined[1:]:
            if piece[0].kind == "join":
                piece[0] = led
    denial = next((x for x in joined[0] if x.kind not in SKIPPED), joined[0][0])
    if denial.kind in ("deny", "denied"):
        # "No fibrosis or steatosis": the denial goes on behind "or".
        for piece in joined[1:]:
            if piece[0].text in ALTERNATIVES:
                piece[0] = denial
    return [_classified(piece, has_act) for piece in joined]


def _is_distance_of(piece: Sequence[Lexeme], before: Sequence[Lexeme]) -> bool:
    """Whether a length that seems a size may be the distance: "tumor 8 mm, with the edge apart"."""
    is_apart = any(x.text == "فاصله دارد" for x in piece) and piece[0].kind == "split"
    is_measured = ["unit" in {x.kind for x in side} for side in (before, piece)]
    return is_apart and is_measured == [True, False] and "margin" not in _named(before)


def _is_lesion_and_margin(pieces: Sequence[Sequence[Lexeme]]) -> bool:
    """ "A metastasis of 35 mm with a free margin": the length is not the margin's."""
    if len(pieces) != 2:
        return False
    first, second = ({x.kind for x in piece} for piece in pieces)
    names = [_topics(piece, False) for piece in pieces]
    # "The lesion is 8 mm and away from the margin".
    is_away = pieces[1][0].kind == "join" and "apart" in second
    is_told = is_away or pieces[1][0].text in TOUCHING or bool(second & (ANSWERING - {"extent"}))
    return names == [{"size"}, {"margin"}] and "apart" not in first and is_told


def _is_named(piece: list[Lexeme], has_act: bool) -> bool:
    words = [x.text for x in piece if x != COMMA]
    return bool(_topics(piece, has_act)) or words[1:2] == [":"]


def _stands_alone(piece: list[Lexeme], has_act: bool) -> bool:
    """Whether a piece names something, or goes on with what stands before it ("4 mm")."""
    return _is_named(piece, has_act) or bool({x.kind for x in piece} & {"number", "unit"})


def _is_border(part: list[Lexeme], at: int, has_aside: bool) -> bool:
    """Whether another thing may begin here: a conjunction, a dash, a code, "LVI:"."""
    lexeme, before = part[at], part[at - 1]
    if before.text == ":":
        # "Fibrosis: TRG 2".
        label, rest = _named(part[:at]), _named(part[at:])
        if label and rest and not label & rest:
            return True
    if lexeme.kind == "act" and lexeme.text in INVADING:
        # "Moderately differentiated adenocarcinoma invading nerves".
        label, rest = _named(part[:at]), _named(part[at:])
        return bool(label and rest) and not label & rest
    if lexeme.kind in ("number", "unit"):
        return False
    if lexeme.kind == "join" and before.kind == "number":
        # "5 and 8 mm from the margin" are two distances, behind "segment 5" another thing follows.
        is_place = any(x.text in PLACES for x in part[:at][-2:])
        return is_place or any(x.kind != "number" for x in part[at + 1 : at + 2])
    if lexeme.text in TOUCHING:
        return before.kind in ("lesion", "unit")
    if lexeme.text in AT and _begins_distance(part, at):
        return True
    if lexeme.kind == "deny" and lexeme.text in DENYING_NEXT:
        # "Moderate steatosis without fibrosis": what stands before has been told.
        return bool({x.kind for x in part[:at]} & TELLING)
    return (
        lexeme.kind in ("join", "split")
        or (lexeme.text == "-" and not _is_range(part, at))
        or _is_heading(part, at)
        or ("code" in (lexeme.kind, before.kind) and not has_aside)
    )


def _begins_distance(part: Sequence[Lexeme], at: int) -> bool:
    """ "A nodule of 18 mm at a distance of 12 mm from the margin": behind a size, how far."""
    ahead = part[at + 1 : at + 1 + LONGEST_PLACE]
    is_named = any(x.kind == "weak" and x.value == "margin" for x in ahead)
    is_from = [x.kind for x in ahead] == ["number", "unit", "apart"]
    return is_named or (is_from and any(x.kind == "lesion" for x in part[:at]))


def _is_range(part: Sequence[Lexeme], at: int) -> bool:
    """Whether a dash stands between numbers: "5-10 %", "1 cm - 2 cm"."""
    is_before = part[at - 1].kind in ("number", "unit")
    return is_before and any(x.kind == "number" for x in part[at + 1 : at + 2])


def _named(lexemes: Iterable[Lexeme]) -> set[str]:
    """The topics that are named, with one for all that is no field's."""
    named = {x.value if x.kind != "aside" else ASIDE for x in lexemes if x.kind in NAMING}
    return named - {""}


def _is_heading(part: list[Lexeme], at: int) -> bool:
    """Whether a field is named before a colon, without a mark before it: "absent PNI: present"."""
    is_before_colon = at + 1 < len(part) and part[at + 1].text == ":"
    if part[at].kind == "weak":
        # "Size:" may be of what stands before it: "specimen size: ".
        return is_before_colon and part[at - 1].kind in ANSWERS | {"unit", "code"}
    is_apart = part[at - 1].kind not in ("join", "mark", "fill", "here", "act")
    return is_before_colon and part[at].kind == "topic" and is_apart


def _topics(part: Iterable[Lexeme], has_act: bool) -> set[str]:
    """What a part names: fields, and whether anything else."""
    # "Cannot be graded due to treatment effect": a cause is not what is spoken of.
    lexemes = list(takewhile(lambda lexeme: lexeme.kind != "cause", part))
    found = {x.value for x in lexemes if x.kind in ("topic", "code")}
    if found and (found <= INVASION or found == {"viable"}):
        lexemes = _without_places(lexemes)
    kinds = {lexeme.kind for lexeme in lexemes}
    has_act = has_act or _is_label_of_vessels(lexemes) or _is_inside_vessels(lexemes)
    if kinds & {"vessel"} and has_act:
        found.add("lvi")
    if any(x.kind == "aside" and not (x.value == "tract" and found & INVASION) for x in lexemes):
        found.add(ASIDE)
    if "vessel" in kinds and not has_act and "margin" not in found:
        found.add(ASIDE)
    lengths = sum(x.kind == "unit" and x.value in LENGTHS for x in lexemes)
    if lengths > ("margin" in found):
        if "specimen" in kinds:
            found.add(ASIDE)
        if _names_size(lexemes):
            found.add("size")
    return found


def _is_label_of_vessels(lexemes: Sequence[Lexeme]) -> bool:
    """Whether a part is no more than a name and its answer: "vessels: clear"."""
    words = [x for x in lexemes if x.kind not in ("fill", "join")]
    is_labeled = [x.kind for x in words[:2]] == ["vessel", "mark"] and words[1].text == ":"
    return is_labeled and all(x.kind in SETTLING | {"unknown"} for x in words[2:])


def _begins_list(part: Sequence[Lexeme], sentence: Sequence[Lexeme]) -> bool:
    """ "No evidence of vascular, lymphatic or perineural invasion": the act stands behind."""
    is_named = any(x.kind == "act" or "invasion" in x.text or "تهاجم" in x.text for x in sentence)
    return is_named and all(x.kind in LISTED for x in part)


def _is_inside_vessels(lexemes: Sequence[Lexeme]) -> bool:
    """ "No tumor seen in vessels"."""
    texts = [x.text for x in lexemes]
    for at, lexeme in enumerate(lexemes):
        follows = lexemes[at + 1].text if at + 1 < len(lexemes) else ""
        if lexeme.kind == "vessel" and follows in ("contain", "contains", "containing"):
            return True
        if lexeme.kind == "vessel" and INSIDE & set(texts[max(at - LONGEST_PLACE, 0) : at]):
            return any(x.kind == "lesion" for x in lexemes[:at])
    return False


def _without_places(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Without a place behind what is told of: "invasion near the capsule", "5 % of the scar"."""
    kept: list[Lexeme] = []
    for at, lexeme in enumerate(lexemes):
        before = [x.text for x in lexemes[max(at - LONGEST_PLACE, 0) : at]]
        is_place = lexeme.kind == "aside" and lexeme.value in ("", "place", "tract", "tumor")
        is_place = is_place or lexeme.text in SCARS
        if is_place and any(x.kind in ("topic", "code") for x in kept) and PLACING & set(before):
            continue
        kept.append(lexeme)
    return kept


def _names_size(lexemes: Iterable[Lexeme]) -> bool:
    return any(x.kind in ("lesion", "largest") or x.value == "size" for x in lexemes)


def _classified(lexemes: list[Lexeme], has_act: bool) -> Clause:
    clause = Clause(lexemes)
    kinds = clause.kinds
    topics = _topics(lexemes, has_act)
    strong = topics - {ASIDE}
    weak = {x.value for x in lexemes if x.kind == "weak"}
    if "code" in kinds and any(x.kind == "unknown" and x.text not in LETTERS for x in lexemes):
        strong -= {x.value for x in lexemes if x.kind == "code" and x.text != "r1 vascular"} - {
            x.value for x in lexemes if x.kind == "topic"
        }
    if "margin" in strong:
        strong -= {"size", "viable"}
    is_distance = "apart" in kinds and "range" not in kinds
    if is_distance or "margin" in weak or ASIDE in topics:
        strong.discard("size")
    if strong == {"margin"} and _measures_other_margins(lexemes):
        topics.add(ASIDE)
    if strong == {"pni"} and _are_seen(lexemes):
        topics.add(ASIDE)
    if ASIDE in topics:
        clause.is_aside = True
    elif strong == {"size"} and not _names_lesion(lexemes):
        clause.about, clause.is_weak = strong, True
    elif strong and (len(strong) == 1 or any(strong <= together for together in TOGETHER)):
        clause.about = strong
    elif strong:
        clause.about, clause.is_mixed = strong, True
    elif weak == {"size"} and kinds & {"unassessable", "unstated"} and _names_size(lexemes):
        # "Size of the largest lesion cannot be assessed".
        clause.about = weak
    elif len(weak) == 1:
        # "Grade 2" may be of anything, "tumor with grade 2" is not.
        is_of_lesion = weak == {"grade"} and "lesion" in kinds
        clause.about, clause.is_weak = weak, not is_of_lesion
    elif weak:
        clause.is_aside = True
    return clause


def _measures_other_margins(lexemes: Sequence[Lexeme]) -> bool:
    """ "Remaining margins 2 cm": how wide the asked one is they do not tell."""
    is_other = any(
        a.text in OTHERS and b.kind == "topic" and b.value == "margin" for a, b in pairwise(lexemes)
    )
    return is_other and any(x.kind == "unit" for x in lexemes)


def _are_seen(lexemes: Sequence[Lexeme]) -> bool:
    """ "Few nerves are present": nobody says that they are invaded."""
    are_nerves = all(x.text in NERVES for x in lexemes if x.kind == "topic")
    others = {x.kind for x in lexemes} & {"act", "deny", "denied", "lesion", "extent", "code"}
    return are_nerves and "affirmed" in {x.kind for x in lexemes} and not others


def _names_lesion(lexemes: Iterable[Lexeme]) -> bool:
    return any(x.kind in ("lesion", "topic") or x.value == "lesion" for x in lexemes)


def counted(lexemes: Sequence[Lexeme]) -> set[str]:
    """Which lesions of several are told of: "segment 7 lesion", "lesion 2", "nodule a"."""
    found = set()
    for place, number, unit in zip(lexemes, lexemes[1:], [*lexemes[2:], None], strict=False):
        is_counted = number.kind == "number" and not (unit and unit.kind == "unit")
        if place.kind == "lesion" or place.text in PLACES:
            is_named = number.text in LETTERS or number.text in ORDINALS
            found |= {number.text} if is_counted or is_named else set()
    return found


def names_another(lexemes: Sequence[Lexeme]) -> bool:
    """Whether one lesion of several is named: "nodule b", "the satellite", "the latter"."""
    is_other = any(x.kind == "lesser" or x.text == "latter" for x in lexemes)
    return is_other or bool(counted(lexemes))


def measures_lesion(lexemes: Sequence[Lexeme]) -> bool:
    """Whether a length stands at a lesion and is related to nothing: "3 cm tumor, clear"."""
    told = [x for x in lexemes if x.kind != "fill"]
    pairs = {frozenset((a.kind, b.kind)) for a, b in pairwise(told)}
    is_related = any(x.kind == "apart" or x.text in RELATING for x in lexemes)
    return bool(pairs & AT_LESION) and not is_related


def leaves_out_unit(lexemes: Sequence[Lexeme]) -> bool:
    """ "Nodule a 9 mm from the margin, nodule b 3": millimeters, or how many?"""
    told = [x for x in lexemes if (x.kind != "fill" or x.text in LETTERS) and x.text != ":"]
    return any(
        lesion.kind == "lesion"
        and letter.text in LETTERS
        and number.kind == "number"
        and (after.kind == "join" or after.text in PAUSES)
        for lesion, letter, number, after in zip(
            told, told[1:], told[2:], [*told[3:], COMMA], strict=False
        )
    )


def by_lesion(lexemes: Sequence[Lexeme]) -> list[list[Lexeme]]:
    """A clause by the lesions that it joins: "nodule a 20 % and in nodule b 60 %"."""
    parts: list[list[Lexeme]] = [[]]
    for at, lexeme in enumerate(lexemes):
        ahead = lexemes[at + 1 : at + 1 + LONGEST_PLACE]
        is_next = any(a.kind == "lesion" and b.text in LETTERS for a, b in pairwise(ahead))
        if lexeme.kind == "join" and is_next and counted(parts[-1]):
            parts.append([])
        else:
            parts[-1].append(lexeme)
    return parts


def without_segments(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Without the numbers of segments: "lesion in segment 7 shows 20 %"."""
    kept: list[Lexeme] = []
    for before, lexeme in pairwise([COMMA, *lexemes]):
        if lexeme.text not in PLACES and not (before.text in PLACES and lexeme.kind == "number"):
            kept.append(lexeme)
    return kept


def without_numbers_of_lesions(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Without which lesion, or segment, it is: "Mandard, lesion 1: 4"."""
    return [
        lexeme
        for before, lexeme in pairwise([COMMA, *without_segments(lexemes)])
        if before.kind != "lesion" or lexeme.kind != "number"
    ]


def lesions_of(sentences: Sequence[Sequence[Lexeme]]) -> int:
    """How many lesions are told one by one."""
    return len(set[str]().union(*(counted(sentence) for sentence in sentences)))


def is_of_some(lexemes: Sequence[Lexeme]) -> bool:
    """Whether no more than some of several lesions are spoken of: "in one of two nodules"."""
    is_of_largest = any(x.kind == "largest" for x in lexemes)
    around = zip([COMMA, *lexemes], lexemes, [*lexemes[1:], COMMA], strict=False)
    if not is_of_largest and any(_is_lesser(*three) for three in around):
        return True
    for at, (before, lexeme) in enumerate(pairwise([COMMA, *lexemes])):
        behind = [x for x in lexemes[at + 1 : at + 5] if x.text not in ARTICLES]
        is_part = bool(behind) and behind[0].text in PART_OF
        whole = behind[is_part] if len(behind) > is_part else COMMA
        if before.kind == "but" and lexeme.text in ONE:
            # "In all but one nodule".
            return True
        if lexeme.text in SOME and whole.kind == "lesion" and (is_part or before.text in PLACING):
            # "In most nodules", "one of the lesions".
            return True
        is_counted = lexeme.kind == "number" or lexeme.text in ONE
        if is_counted and is_part and whole.kind == "number" and whole.value != _count(lexeme):
            # "1 of 2 nodules".
            return "lesion" in [x.kind for x in behind[2:3]]
    return False


def _is_lesser(before: Lexeme, lexeme: Lexeme, behind: Lexeme) -> bool:
    """Another lesion, and not what else there is: "the rest is fibrosis", "no other features"."""
    is_named = lexeme.text.startswith("the ") or lexeme.text.endswith(NAMED_IN_FULL)
    is_named = is_named or "lesion" in (before.kind, behind.kind)
    is_rest = lexeme.text in REST and behind.kind != "lesion"
    return lexeme.kind == "lesser" and is_named and not is_rest


def _count(lexeme: Lexeme) -> str:
    return "1" if lexeme.text in ONE else lexeme.value


def is_later_report(sentence: Sequence[Lexeme]) -> bool:
    """Whether a sentence begins what was added to the report, or corrects it."""
    return bool(sentence) and (sentence[0].kind, sentence[0].value) == (HEADING, "later")
