"""Words that are not known: which are left out of a statement, and which leave it unread."""

from __future__ import annotations

import pytest

from reading.adjuncts import without_adjuncts

LVI, STEATOSIS, GRADE, MARGIN, SIZE = (
    "lymphovascular_invasion",
    "steatosis",
    "tumor_grade",
    "margin_distance",
    "largest_metastasis",
)

LEFT_OUT = [
    # An adjunct, up to what is known behind it.
    (LVI, "lvi is present at the flurbing edge", "lvi is present"),
    (LVI, "lvi at the flurbing edge is present", "lvi is present"),
    (STEATOSIS, "mild steatosis in flurbed areas", "mild steatosis"),
    # A part between commas or brackets, and an adverb.
    (LVI, "lvi is present , the flurbing type", "lvi is present ,"),
    (GRADE, "flurbly moderately differentiated", "moderately differentiated"),
    # Of a length only what stands behind it.
    (MARGIN, "margin 3 mm because flurbed", "margin 3 mm"),
    # Where the margin is named, what is neither before it nor behind "from".
    (MARGIN, "margin flurbs and is 3 mm", "margin and is 3 mm"),
    # How a margin or a metastasis looks, what only a heading names, and an answer of its own.
    (MARGIN, "flurbed margin 3 mm", "margin 3 mm"),
    (SIZE, "the flurby metastasis is 3 cm", "the metastasis is 3 cm"),
    (LVI, "flurb : lvi is absent", "lvi is absent"),
    (LVI, "lvi is absent ( flurb positive )", "lvi is absent"),
]

KEPT = [
    # All is known: nothing would change.
    (LVI, "lvi is present"),
    # A word that may turn or doubt what is said.
    (LVI, "lvi is present , unlikely"),
    (LVI, "lvi is present at a doubtworthy edge"),
    (LVI, "lvi is present , artifactual"),
    # A name by itself asserts: what is left out may have been the answer.
    (LVI, "lymphovascular invasion in the flurbing zone"),
    # Beside a name or a denial an unknown word may be one with it.
    (LVI, "vascular flurbation present"),
    (LVI, "no vascular flurbation"),
    (GRADE, "poor flurbation"),
    # It may tell which length it is.
    (MARGIN, "margin because flurbed 3 mm"),
    (MARGIN, "flurbic margin 3 mm"),
    (MARGIN, "margin 3 mm from flurb"),
    (SIZE, "the flurby lesion is 3 cm"),
]


@pytest.mark.parametrize(("field", "text", "expected"), LEFT_OUT)
def test_what_stands_aside_is_left_out(field: str, text: str, expected: str) -> None:
    assert without_adjuncts(field, text) == expected


@pytest.mark.parametrize(("field", "text"), KEPT)
def test_what_may_matter_leaves_the_text_as_it_is(field: str, text: str) -> None:
    assert without_adjuncts(field, text) is None
