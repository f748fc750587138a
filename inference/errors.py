"""What can be wrong with a package or an input. The message is the sentence an operator reads."""


class InferenceError(Exception):
    """Something kept the model from running; the message says what, and what to do."""


class PackageInvalid(InferenceError):
    """The model package is not what it should be; mend or replace it. Nothing of it was run."""


class InputUnreadable(InferenceError):
    """The instances cannot be turned into pixels; the message names the reason."""


class GeometryRefused(InferenceError):
    """The instances are whole but make no volume; the message says where and why. A refusal, not a failure."""


class PredictionFailed(InferenceError):
    """The network could not be run on this input (out of memory, a fault of the device); try again."""


class TrainingRefused(InferenceError):
    """The data or the recipe cannot be learnt from; the message names what, and says what to do."""
