from inference.package.prediction import Io
from inference.predict import load_predictor, saved_model


def test_loads_a_saved_model(package):
    io = Io(input="image", input_rank=4, output="probabilities", output_rank=4)
    assert isinstance(load_predictor(package / "model", io), saved_model.SavedModel)
