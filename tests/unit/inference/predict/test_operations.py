from inference.predict.operations import ALLOWED


def test_nothing_in_the_list_touches_the_world():
    acting = (
        "File",
        "Read",
        "Write",
        "Save",
        "Restore",
        "Py",
        "Table",
        "Iterator",
        "Dataset",
        "Print",
        "Random",
    )
    suspicious = {name for name in ALLOWED if any(word in name for word in acting)}
    assert suspicious == {"ReadVariableOp"}


def test_nothing_in_the_list_changes_a_variable():
    assert not {name for name in ALLOWED if name.startswith(("Assign", "Resource", "Custom", "Host", "Xla"))}


def test_loops_and_branches_have_no_state_and_no_lists():
    assert {name for name in ALLOWED if name.endswith(("While", "If"))} == {"StatelessWhile", "StatelessIf"}
    assert not {name for name in ALLOWED if name.startswith("Tensor") and "Scatter" not in name}


def test_a_network_of_convolutions_is_covered():
    assert {"Conv2D", "BiasAdd", "Relu", "Sigmoid", "MaxPool", "ConcatV2", "Conv2DBackpropInput"} <= ALLOWED


def test_boxes_are_covered():
    assert {"CombinedNonMaxSuppression", "CropAndResize", "GatherV2", "TopKV2", "Where"} <= ALLOWED
