"""One clear core of a text, and what keeps it from being taken."""

from __future__ import annotations

import pytest

from ingestion.vocabulary import normalized_text
from reading.comment_text import sentences_of
from reading.cores import core_of
from reading.read import read


def core(topic, text):
    return core_of(topic, sentences_of(normalized_text(text)), read)


WORDS = [
    ("lvi", "no LVI no PNI; GB nad", "no"),
    ("pni", "florbed LVI absent PNI present", "yes"),
    ("pni", "LVI no PNI yes", "yes"),
    ("steatosis", "moderate steatosis no fibrosis LVI present", "2"),
    ("lvi", "florbs: L0, V1", "yes"),
    ("grade", "margin 0 mm at florbs, G3 tumor", "poor"),
    ("margin", "clear margins x florbs", "negative"),
    ("regression", "Using the Mandard florbs it is grade 4", "poor"),
    ("regression", "Florbs with a partial response", "partial"),
]

LENGTHS = [
    ("margin", "met 11 mm, close marg 1 mm", 1),
    ("margin", "nodule a, met 2 cm, margin 5 mm. nodule b, met 1 cm margin 2 mm", 2),
    ("size", "wedge: met 11 mm, close marg 1 mm", 11),
    ("size", "Tumor: white, firm, 43 x 40 x 38 mm", 43),
    ("size", "Largest metastasis 0.9 cm; second lesion: cyst 3 mm", 9),
    ("viable", "About 30 % of the nodule is viable; the rest is fibrosis", 30),
]

NOTHING = [
    # Another name of the field, a doubt, another time, organ or lesion.
    ("lvi", "LVI absent. LVI present"),
    ("lvi", "LVI absent, possible"),
    ("lvi", "No LVI is described in the biopsy report"),
    ("margin", "Gallbladder, margin 3 mm"),
    ("margin", "Margin 9 mm, other nodule 3 mm"),
    ("margin", "Distances to the margins are 5, 8 and 12 mm"),
    ("size", "Margin of the first nodule 9 mm, of the second nodule 3 mm"),
    ("size", "Specimen 12 cm"),
    ("size", "Tumor 0.5 mm beneath the florbs"),
    # What the name alone does not tell.
    ("grade", "Fibrosis, G2"),
    ("pni", "LVI/PNI: positive"),
    ("viable", "Viable tumor 20"),
    # Of something else, or not so.
    ("regression", "Sinusoidal dilation grade 1 (Rubbia-Brandt)"),
    ("regression", "Less than a complete response"),
    ("regression", "Complete response in 2 of 3 nodules"),
    ("regression", "Partial response on imaging"),
]


@pytest.mark.parametrize(("topic", "text", "value"), WORDS)
def test_a_name_with_its_answer_is_enough(topic, text, value):
    found = core(topic, text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(("topic", "text", "low"), LENGTHS)
def test_so_is_a_name_with_its_number(topic, text, low):
    found = core(topic, text)
    assert found is not None
    assert found.measure is not None
    assert found.measure.low == low


@pytest.mark.parametrize(("topic", "text"), NOTHING)
def test_what_is_not_clear_is_no_core(topic, text):
    assert core(topic, text) is None
