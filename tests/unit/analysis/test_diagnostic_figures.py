"""The figures by which a model is judged, and the boxes of the flow, hold what results hold."""

from __future__ import annotations

import math

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.diagnostic_figures import log_minus_log_figure, roc_figure, schoenfeld_figure
from analysis.flow_figure import flow_figure, stages

FLOW = [
    {"step_number": 1, "step": "All patients", "patients": 9, "excluded": 0, "reason": "any"},
    {"step_number": 2, "step": "Cohort", "patients": 7, "excluded": 2, "reason": "no operation"},
    {"step_number": 3, "step": "Known", "patients": 6, "excluded": 1, "reason": "no survival"},
]
FACTORS = [{"factor": "size_group", "label": "Size"}]


def _step(step, excluded, remaining, factor=None, description="", model="multivariable"):
    return {
        "model": model,
        "step": step,
        "excluded": excluded,
        "remaining": remaining,
        "events": remaining - 1,
        "excluded_factor": factor,
        "description": description,
    }


MODEL_FLOW = [
    _step("analyzed", 0, 5, model="univariable"),
    _step("analyzed", 0, 6, model="univariable"),
    _step("cohort", 0, 7),
    _step("survival_time_unknown", 1, 6, description="Vital status unknown"),
    _step("factor_unknown", 1, 5, "size_group"),
    _step("factor_unknown", 1, 4, "size_group"),
    _step("level_not_in_plan", 1, 3, "size_group"),
    _step("analyzed", 0, 3),
]


def test_each_box_is_the_one_before_less_those_who_leave():
    boxes = stages(FLOW, MODEL_FLOW, [], FACTORS, "deaths")
    assert [box.remaining for box in boxes] == [
        "n = 9",
        "n = 7",
        "n = 6, 5 deaths",
        "n = 3, 2 deaths",
    ]
    assert [box.leaving for box in boxes] == [
        [],
        [(2, "no operation")],
        [(1, "Vital status unknown")],
        [(2, "Size unknown"), (1, "Size: at a level not in the plan")],
    ]
    assert "5 to 6 patients" in boxes[2].name
    assert boxes[3].side == [
        "Excluded: 3",
        "2  Size unknown",
        "1  Size: at a level not in the plan",
    ]
    assert boxes[1].side == ["Excluded: 2, no operation"]


def test_without_a_model_the_flow_of_the_cohort_is_all():
    boxes = stages(FLOW, [], [], FACTORS, "deaths")
    assert [box.name for box in boxes] == ["All patients", "Cohort", "Known"]


def test_conditions_of_the_plan_stand_between_cohort_and_models():
    restriction = [
        {"column_name": None, "levels": None, "excluded": 0, "remaining": 7},
        {"column_name": "sex", "levels": "female | male", "excluded": 3, "remaining": 4},
    ]
    boxes = stages(FLOW, [], restriction, FACTORS, "deaths")
    assert boxes[-1].name == "sex: female | male"
    assert boxes[-1].leaving == [(3, "not analyzed by the plan")]


def test_boxes_and_their_words_are_drawn_inside():
    long = "another final diagnosis that is no colorectal metastasis, as the pathologist wrote it"
    boxes = stages(
        [FLOW[0], {**FLOW[1], "reason": long}, FLOW[2]], MODEL_FLOW, [], FACTORS, "deaths"
    )
    figure = flow_figure(boxes)
    (axes,) = figure.axes
    width, height = figure.get_size_inches()
    boxes = [patch.get_bbox() for patch in axes.patches]
    for box in boxes:
        assert 0 <= box.x0 < box.x1 <= width
        assert 0 <= box.y0 < box.y1 <= height
    renderer = FigureCanvasAgg(figure).get_renderer()
    words = [text for text in axes.texts if text.get_text()]
    assert "Multivariable model" in [text.get_text() for text in words]
    for text in words:
        found = text.get_window_extent(renderer).transformed(axes.transData.inverted())
        assert any(
            box.x0 < found.x0 and found.x1 < box.x1 and box.y0 < found.y0 and found.y1 < box.y1
            for box in boxes
        ), text.get_text()


@pytest.mark.parametrize("flow", [[], [{**FLOW[0], "patients": 0}]])
def test_nobody_has_no_way(flow):
    assert flow_figure(stages(flow, [], [], FACTORS, "deaths")) is None


def test_log_minus_log_of_the_curve():
    curve = [
        {"level": "R0", "time_months": 0.0, "survival": 0.9},
        {"level": "R0", "time_months": 12.0, "survival": 0.6},
        {"level": "R0", "time_months": 40.0, "survival": 0.0},
        {"level": "R1", "time_months": 24.0, "survival": 1.0},
    ]
    figure = log_minus_log_figure(curve, "overall survival")
    (axes,) = figure.axes
    (line,) = axes.lines
    assert line.get_xdata().tolist() == [12.0]
    assert line.get_ydata().tolist() == [math.log(-math.log(0.6))]
    assert log_minus_log_figure([row for row in curve if row["survival"] != 0.6], "x") is None


def test_schoenfeld_has_a_panel_per_coefficient(results_of, random_patients):
    results = results_of(random_patients(120, 3))
    residuals, line = results["schoenfeld_residuals"], results["schoenfeld_smooth"]
    figure = schoenfeld_figure(residuals, line)
    coefficients = {(row["factor"], row["level"]) for row in residuals}
    assert len(figure.axes) == len(coefficients)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert len(set(titles)) == len(titles)
    # Without a line, where events fall on too few times, the residuals are drawn alone.
    assert len(schoenfeld_figure(residuals, []).axes) == len(coefficients)


def test_what_was_not_estimated_is_not_drawn():
    assert roc_figure([], []) is None
    assert schoenfeld_figure([], []) is None
