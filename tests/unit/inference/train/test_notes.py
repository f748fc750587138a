from inference.train.case import Case
from inference.train.ensemble import Member
from inference.train.learn.checkpoint import Epoch
from inference.train.learn.fit import FitResult
from inference.train.notes import NOTES, notes_of
from inference.train.recipe.read import read_recipe
from inference.train.split import Split
from inference.train.taught import Taught
from inference.zoo.unet import unet
from tests.unit.inference.train.small_training import write_recipe

CASES = [Case(name=f"{k}", patient=f"p{k // 2}", facts={}, read=lambda: None) for k in range(8)]


class Lesson:
    network = unet(rows=4, columns=4, base=1, depth=1)


def test_the_card_may_say_what_the_training_was(tmp_path):
    sides = Split(training=tuple(CASES[:6]), validation=tuple(CASES[6:]))
    curves = [(0.1, 0.4, 0.4), (0.3, 0.2)]
    taught = [
        Taught(
            member=Member(number=number, seed=7 + number, split=sides),
            lesson=Lesson(),
            result=FitResult(best=max(scores), curve=tuple(Epoch(loss=1.0, score=s) for s in scores)),
            material=None,
        )
        for number, scores in enumerate(curves)
    ]
    notes = notes_of(read_recipe(write_recipe(tmp_path / "recipe")), sides, taught, 9)
    assert set(notes) == set(NOTES)
    assert notes == {
        "parameters": Lesson.network.count_params(),
        "members": 2,
        "seed": 1,
        "seeds": "7, 8",
        "epochs": 2,
        "best_epochs": "2, 1",
        "steps": 4,
        "batch": 4,
        "training_cases": 6,
        "training_patients": 3,
        "envelope_inputs": 9,
    }
