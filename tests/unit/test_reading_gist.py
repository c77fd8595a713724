"""A name with its answer beside it, and the one length of a passage, whatever else stands there."""

from __future__ import annotations

import pytest

from ingestion.vocabulary import normalized_text
from reading.comment_text import sentences_of
from reading.gist import gist_of, size_of


def lexemes_of(text):
    (sentence,) = sentences_of(normalized_text(text))
    return sentence


GISTS = [
    ("grade", "Moderately differentiated flurbs lined by florbs", "moderately differentiated"),
    ("viable", "Flurbs with less than 5 % viable tumor", "less than 5 % viable"),
    ("pni", "In florbed flurbs perineural invasion is absent", "perineural invasion is absent"),
]

NO_GISTS = [
    # Between the name and its answer stands what is not known.
    ("pni", "Perineural invasion of florbs absent"),
    # Another answer, another place, a doubt, a word that may turn it.
    ("grade", "Moderately differentiated flurbs, poor"),
    ("viable", "Less than 5 % viable tumor in the florb of the capsule"),
    ("pni", "Perineural invasion is present in florbs, suspicious"),
    ("pni", "Perineural invasion is present, artifactual"),
    # Of two names it is not told which is answered.
    ("lvi", "Lymphatic flurbs and venous invasion absent"),
    # A field that this is not asked of.
    ("margin", "Margin free, flurbs"),
]

SIZES = [
    ("The liver contains an adenocarcinoma with a maximum diameter of 62 mm", 62),
    ("Liver met 27 mm, florbed", 27),
    ("Nodules: 12 mm, 25 mm and 8 mm", 25),
]

NO_SIZES = [
    # It is not told what is measured, or it is another thing.
    "The flurb in the tumor measures 3 cm",
    "At least 1 cm of normal liver",
    "Tumor 3 cm, cyst",
    "Tumor 3 cm or 4 cm",
    "Tumor 3 cm from the edge",
    # A number before the list has no unit.
    "Nodules of 15, 9 mm, florbed",
    "Nodules of 1-2 cm and 3 cm",
]


@pytest.mark.parametrize(("topic", "text", "expected"), GISTS)
def test_a_name_and_its_answer_are_all_that_matters(topic, text, expected):
    assert gist_of(topic, lexemes_of(text)) == expected


@pytest.mark.parametrize(("topic", "text"), NO_GISTS)
def test_what_else_is_said_leaves_it_unread(topic, text):
    assert gist_of(topic, lexemes_of(text)) is None


@pytest.mark.parametrize(("text", "expected"), SIZES)
def test_the_one_length_of_a_lesion_is_its_size(text, expected):
    assert size_of(lexemes_of(text)).measure.high == expected


@pytest.mark.parametrize("text", NO_SIZES)
def test_a_length_of_which_it_is_not_told_what_is_measured_is_none(text):
    assert size_of(lexemes_of(text)) is None
