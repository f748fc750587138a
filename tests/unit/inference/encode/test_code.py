import pytest
from pydicom.sr.codedict import codes

from inference.encode.code import code, require_known_codes
from inference.errors import PackageInvalid
from inference.package.declared import ExplicitCode


def test_a_keyword_is_looked_up():
    assert code("SCT.Lung") == codes.SCT.Lung
    assert (code("DCM.ArtificialIntelligence").value, code("SCT.Lung").value) == ("123110", "39607008")


def test_an_explicit_code_is_taken_as_it_is():
    found = code(ExplicitCode(value="X1", scheme="99LOCAL", meaning="Our thing"))
    assert (found.value, found.scheme_designator, found.meaning) == ("X1", "99LOCAL", "Our thing")


def test_a_misspelt_keyword_gets_a_suggestion():
    with pytest.raises(PackageInvalid, match=r"did you mean 'SCT\.Lung'"):
        code("SCT.Lungg")


@pytest.mark.parametrize("keyword", ["Lung", "SNOMED.Lung", "SCT.", ""])
def test_another_form_is_told_the_right_one(keyword):
    with pytest.raises(PackageInvalid, match=r"write SCHEME\.Keyword"):
        code(keyword)


def test_the_manifest_of_the_test_package_is_known(manifest):
    require_known_codes(manifest)


@pytest.mark.parametrize("field", ["category", "type", "laterality"])
def test_every_concept_of_a_segment_is_looked_up(manifest, field):
    segment = manifest.output.segment[0].model_copy(update={field: "SCT.Nonsense"})
    output = manifest.output.model_copy(update={"segment": [segment]})
    with pytest.raises(PackageInvalid, match="Nonsense"):
        require_known_codes(manifest.model_copy(update={"output": output}))


def test_the_family_and_the_measurements_are_looked_up(manifest):
    algorithm = manifest.algorithm.model_copy(update={"family": "DCM.Nonsense"})
    with pytest.raises(PackageInvalid, match="Nonsense"):
        require_known_codes(manifest.model_copy(update={"algorithm": algorithm}))
    measurement = manifest.output.measurement[0].model_copy(update={"code": "SCT.Aria"})
    output = manifest.output.model_copy(update={"measurement": [measurement]})
    with pytest.raises(PackageInvalid, match=r"did you mean 'SCT\.Area'"):
        require_known_codes(manifest.model_copy(update={"output": output}))
