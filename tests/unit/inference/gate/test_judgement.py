from inference.gate.judgement import Judgement


def test_nothing_said_is_accepted():
    assert (Judgement().verdict, Judgement().reasons) == ("accepted", ())


def test_the_worst_is_the_verdict_and_every_reason_stays():
    flagged, refused = Judgement(flags=("odd",)), Judgement(refusals=("wrong",))
    assert (flagged.verdict, refused.verdict, (flagged + refused).verdict) == (
        "flagged",
        "refused",
        "refused",
    )
    assert (flagged + refused + flagged).reasons == ("wrong", "odd", "odd")
