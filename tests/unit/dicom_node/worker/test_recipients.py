import pytest

from dicom_node.settings import DestinationSettings
from dicom_node.worker.recipients import Recipient, encodings_of, recipients_of
from inference.pipeline import EncodedResult, Encoding

URL = "dicom://PACS@10.0.0.5:104"
PLAIN = Encoding()
MAP = Encoding(form="LABELMAP", compression="RLE")


def _made(kind="SEG", encodings=(PLAIN,)) -> EncodedResult:
    return EncodedResult(
        kind=kind,
        sop_class_uid="1.2",
        sop_instance_uid="2.25.1",
        series_instance_uid="2.25.2",
        content=b"",
        encodings=encodings,
    )


def test_a_destination_is_taken_as_the_settings_say():
    given = {
        "pacs": DestinationSettings(url=URL),
        "weasis": DestinationSettings(url=URL, frames_at_most=400, kinds=("SR",)),
        "archive": DestinationSettings(url=URL, segmentation="LABELMAP", compression="RLE"),
    }
    assert recipients_of(given) == (
        Recipient(name="pacs", encoding=Encoding()),
        Recipient(name="weasis", encoding=Encoding(most_frames=400), kinds=("SR",)),
        Recipient(name="archive", encoding=MAP),
    )


@pytest.mark.parametrize("segmentation", ["BINARY", "LABELMAP"])
@pytest.mark.parametrize("compression", ["native", "deflated", "RLE", "JPEG-LS"])
def test_whatever_the_settings_allow_can_be_written(segmentation, compression):
    given = {"url": URL, "segmentation": segmentation, "compression": compression}
    try:
        settings = DestinationSettings(**given)
    except ValueError:
        with pytest.raises(ValueError, match="cannot be"):
            Encoding(form=segmentation, compression=compression)
        return
    (recipient,) = recipients_of({"pacs": settings})
    assert (recipient.encoding.form, recipient.encoding.compression) == (segmentation, compression)


def test_each_way_is_asked_for_once():
    ways = [Encoding(), MAP, Encoding(), MAP]
    recipients = [Recipient(name=str(n), encoding=way) for n, way in enumerate(ways)]
    assert encodings_of(recipients) == (Encoding(), MAP)
    assert encodings_of([]) == (Encoding(),)


def test_only_what_was_written_for_it_and_is_of_its_kinds_is_taken():
    everything = Recipient(name="pacs", encoding=MAP)
    assert everything.takes(_made(encodings=(Encoding(), MAP)))
    assert not everything.takes(_made())
    reports = Recipient(name="ris", encoding=Encoding(), kinds=("SR",))
    assert reports.takes(_made("SR"))
    assert not reports.takes(_made("SEG"))
