import pytest

from inference.package.agreement import disagreements

SEGMENTATION = {
    "model": {"task": "segmentation"},
    "postprocess": [{"step": "threshold"}, {"step": "components"}],
    "output": {"segment": [{"label": "A", "channel": 0}, {"label": "B", "channel": 1}]},
}
CLASSIFICATION = {
    "model": {"task": "classification"},
    "output": {"finding": [{"label": "A", "channel": 0}]},
}
DETECTION = {
    "model": {"task": "detection"},
    "postprocess": [{"step": "non_maximum_suppression"}],
    "output": {"box": [{"label": "A", "class_id": 1}], "measurement": [{}]},
}


@pytest.mark.parametrize("tables", [SEGMENTATION, CLASSIFICATION, DETECTION])
def test_each_task_with_its_own_tables_agrees(tables):
    assert disagreements(tables) == []


@pytest.mark.parametrize(
    ("tables", "place", "sentence"),
    [
        (SEGMENTATION | {"output": {}}, "output.segment", "at least one [[output.segment]]"),
        (CLASSIFICATION | {"output": {"segment": [{}]}}, "output.segment", "belongs to another task"),
        (DETECTION | {"output": {"finding": [{}]}}, "output.box", "at least one [[output.box]]"),
        (SEGMENTATION | {"postprocess": []}, "postprocess", "first step is 'threshold' or 'argmax'"),
        (SEGMENTATION | {"postprocess": [{"step": "components"}]}, "postprocess", "first step is"),
        (
            SEGMENTATION | {"postprocess": [{"step": "argmax"}, {"step": "threshold"}]},
            "postprocess.1.step",
            "decides a second time",
        ),
        (
            SEGMENTATION | {"postprocess": [{"step": "threshold"}, {"step": "non_maximum_suppression"}]},
            "postprocess.1.step",
            "no step for a segmentation",
        ),
        (
            CLASSIFICATION | {"postprocess": [{"step": "threshold"}]},
            "postprocess.0.step",
            "no step for a classification",
        ),
        (DETECTION | {"postprocess": [{"step": "argmax"}]}, "postprocess.0.step", "no step for a detection"),
        (
            {**CLASSIFICATION, "output": {**CLASSIFICATION["output"], "measurement": [{}]}},
            "output.measurement",
            "nothing that could be measured",
        ),
        (
            DETECTION | {"output": {"box": [{"label": "A", "class_id": 1}, {"label": "B", "class_id": 1}]}},
            "output.box.1.class_id",
            "as in another [[output.box]]",
        ),
        (
            SEGMENTATION
            | {"output": {"segment": [{"label": "A", "channel": 0}, {"label": "A", "channel": 1}]}},
            "output.segment.1.label",
            "is 'A', as in another",
        ),
        (
            DETECTION | {"output": {"box": [{"class_id": 1, "mask": True}]}},
            "output.box.0.category",
            "a mask becomes a segment",
        ),
        (
            DETECTION
            | {"output": {"box": [{"class_id": 1, "mask": True, "category": "x"}, {"class_id": 2}]}},
            "output.box",
            "mask = true, or none",
        ),
        (
            SEGMENTATION | {"input": {"each": "instance"}, "gate": {"slices": {"at_least": 3}}},
            "gate.slices",
            '"series"',
        ),
        (
            SEGMENTATION | {"gate": {"smallest_fraction": 0.5, "largest_fraction": 0.1}},
            "gate.smallest_fraction",
            "is 0.5, above largest_fraction 0.1",
        ),
        (DETECTION | {"rule": [{}]}, "rule", "is about segments; a detection has none"),
        (
            SEGMENTATION | {"input": {"each": "instance"}, "results": {"also": ["probability_map"]}},
            "results.also",
            "probability_map is for a segmentation of a series",
        ),
        (DETECTION | {"results": {"also": ["probability_map"]}}, "results.also", "of a series"),
        (CLASSIFICATION | {"results": {"also": ["presentation_state"]}}, "results.also", "has none"),
        (SEGMENTATION | {"input": {"Modalty": ["CT"]}}, "input.Modalty", "did you mean 'Modality'"),
        (SEGMENTATION | {"input": {"each": "instance"}, "io": {"input_rank": 5}}, "input.each", "'series'"),
        (DETECTION | {"input": {"each": "series"}, "io": {"input_rank": 4}}, "input.each", "'instance'"),
    ],
)
def test_what_does_not_agree_is_told_at_its_place(tables, place, sentence):
    told = {".".join(map(str, path)): what for path, what in disagreements(tables)}
    assert sentence in told[place]


def test_more_kinds_agree_where_they_are_possible():
    every = {"results": {"also": ["summary", "presentation_state", "probability_map"]}}
    assert disagreements(SEGMENTATION | {"input": {"each": "series"}} | every) == []
    assert disagreements(CLASSIFICATION | {"results": {"also": ["summary"]}}) == []
    assert disagreements(DETECTION | {"results": {"also": ["summary", "presentation_state"]}}) == []


def test_planes_of_a_series_may_be_segmented_one_by_one():
    assert disagreements(SEGMENTATION | {"input": {"each": "series"}, "io": {"input_rank": 4}}) == []


@pytest.mark.parametrize("tables", [{}, {"model": 3, "output": 4, "postprocess": 5, "gate": 6, "input": 7}])
def test_tables_of_a_wrong_kind_are_left_to_who_reads_them(tables):
    assert disagreements(tables) == []


def test_of_an_unknown_task_nothing_is_asked():
    assert disagreements(SEGMENTATION | {"model": {"task": "segmentations"}, "output": {}}) == []
