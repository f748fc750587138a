import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.card import fill_card, require_known_names, write_card


def test_the_card_states_facts_and_asks_for_the_rest(manifest, tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_bytes(bytes(2_500_000))
    golden = {"pixels": np.zeros((30, 40)), "probabilities": np.zeros(3), "labels": np.zeros(3)}
    write_card(tmp_path, manifest, golden, 17)
    card = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert card.startswith("# shades 1.2.3\n\nTests of this software\n")
    for fact in (
        "- Network: 2.5 MB in `model/`.",
        "- Golden case: one input of 30 x 40, with labels, probabilities.",
        "- Envelope: 17 inputs.",
        "- Evaluation: none is declared in model.toml.",
        "  Modality CR or DX",
        "Training data: where from",
    ):
        assert fact in card


def test_figures_that_are_declared_are_told(manifest, tmp_path):
    model = manifest.model.model_copy(update={"evaluation": {"dice_mean": 0.95}})
    write_card(tmp_path, manifest.model_copy(update={"model": model}), {"pixels": np.zeros((3, 4))}, 1)
    card = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert "- Evaluation: dice_mean 0.95" in card
    assert "- Envelope: 1 input." in card


def test_a_draft_is_filled_with_figures_and_sentences(tmp_path):
    (tmp_path / "draft.md").write_text("$dice of $images, $seeds\n$evaluation\n$$5", encoding="utf-8")
    figures = {"dice": 0.95, "images": 3, "seeds": "0, 1"}
    fill_card(tmp_path, tmp_path / "draft.md", figures, ("first", "second"))
    card = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert card == "0.950 of 3, 0, 1\n- first\n- second\n$5"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "$maen",
            r"names \$maen, which is no figure .* known are dice, evaluation\. .* nothing is learnt anew",
        ),
        ("costs 5 $", r"a dollar sign of the text itself is written \$\$"),
    ],
)
def test_a_name_that_is_no_figure_is_told(tmp_path, text, sentence):
    (tmp_path / "draft.md").write_text(text, encoding="utf-8")
    with pytest.raises(TrainingRefused, match=sentence):
        fill_card(tmp_path, tmp_path / "draft.md", {"dice": 0.95}, ())


def test_before_training_a_name_that_cannot_be_a_figure_is_told_with_the_nearest(tmp_path):
    draft = tmp_path / "card.md"
    draft.write_text("$dice_mean of ${members}: $$5\n$evaluation", encoding="utf-8")
    require_known_names(draft, {"dice_mean", "members"})
    sentence = r"card.md names \$dice_mean, which is no figure .* known are dice_main, .*; did you mean 'dice_main'\?"
    with pytest.raises(TrainingRefused, match=sentence):
        require_known_names(draft, {"dice_main", "members"})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"costs 5 $", r"holds a dollar sign that begins no name; one of the text itself is written \$\$"),
        (b"\xfc", r"card.md cannot be read \(.*\); save it as UTF-8 text"),
    ],
)
def test_before_training_a_card_that_cannot_be_filled_is_told(tmp_path, content, sentence):
    (tmp_path / "card.md").write_bytes(content)
    with pytest.raises(TrainingRefused, match=sentence):
        require_known_names(tmp_path / "card.md", ())
