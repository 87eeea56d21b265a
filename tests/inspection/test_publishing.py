"""Copies to be published: the label's text edited in place, and every packet as it was, in each container."""

import json

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.inspection import label
from submissions.inspection.aigc import NAMES
from submissions.inspection.confined import ChildError
from submissions.inspection.publishing import Origin, label_for, origin_of, publish_film
from submissions.inspection.synthetic import make_film

GOOD = dict.fromkeys(NAMES, "") | {"Label": "1", "ContentProducer": "0" * 27, "ProduceID": "签/1"}
texts = st.text(max_size=20)
fields = st.dictionaries(st.sampled_from([*NAMES, "More"]), st.one_of(texts, st.integers(), st.none()))


@given(fields, texts, texts, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_whatever_is_in_a_label_only_the_propagator_changes(values, name, number, escaped, indent) -> None:
    text = json.dumps(values, ensure_ascii=escaped, indent=indent)
    filled = label.fill(text, name, number)
    assert json.loads(filled) == values | {"ContentPropagator": name, "PropagateID": number}
    assert label.producer_part(filled) == label.producer_part(text)


@pytest.mark.parametrize("wrapped", [{"AIGC": GOOD}, {"AIGC": json.dumps(GOOD)}])
def test_a_wrapped_label_comes_out_of_it(wrapped) -> None:
    filled = label.fill(json.dumps(wrapped), "a", "b")
    assert json.loads(filled) == GOOD | {"ContentPropagator": "a", "PropagateID": "b"}


def test_names_written_in_another_case_stay_so() -> None:
    assert label.fill('{"label":"1","contentpropagator":""}', "a", "b") == (
        '{"label":"1","contentpropagator":"a","PropagateID":"b"}'
    )


@pytest.mark.parametrize("text", ["", "[1]", "made by AI", '"x"', "{"])
def test_what_is_no_label_cannot_be_filled(text) -> None:
    with pytest.raises(ValueError):
        label.fill(text, "a", "b")


@pytest.mark.parametrize(
    ("origin", "declared", "kind"),
    [
        (Origin(label=json.dumps(GOOD), grade="readable"), False, "1"),
        (Origin(), True, "2"),
        (Origin(says_ai=True), False, "3"),
        (Origin(label="made by AI", grade="broken"), False, "3"),
        (Origin(label="made by AI", grade="broken"), True, "2"),
    ],
)
def test_what_the_copy_is_marked_as(origin, declared, kind) -> None:
    text = label_for(origin, propagator="a", number="b", declared=declared)
    said = json.loads(text)
    assert (said["Label"], said["ContentPropagator"], said["PropagateID"]) == (kind, "a", "b")
    assert label_for(Origin(), propagator="a", number="b", declared=False) == ""


CASES = {
    "film.mp4": ("mp4", {}),
    "film.mov": ("mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le", "audio_codec": "pcm_s16le"}),
    "film.mkv": ("mkv", {"audio_codec": "libopus"}),
    "film.webm": ("webm", {"codec": "libvpx-vp9", "audio_codec": "libopus"}),
    "film.avi": ("mkv", {"codec": "mpeg4", "audio_codec": "mp3"}),
    "film.ts": ("mp4", {}),
    "film.mxf": ("mov", {"codec": "mpeg2video", "audio_codec": "pcm_s16le"}),
}


@pytest.mark.parametrize("name", CASES)
def test_every_container_keeps_its_pictures_and_carries_the_label(tmp_path, name) -> None:
    container, ways = CASES[name]
    film = make_film(tmp_path / name, seconds=1, width=128, height=72, **ways).path
    text = label.new("2", "某电影节", "MARS222")
    made = publish_film(film, tmp_path / "out", text)
    assert (made.made.container, made.origin.label, made.origin.seen) == (container, text, text)
    before, after = pictures(film), pictures(tmp_path / "out" / made.made.file)
    assert len(before) == 24
    assert before == after


def pictures(path):
    with av.open(str(path)) as film:
        return [(round(float(frame.time), 2), frame.to_ndarray().tobytes()) for frame in film.decode(video=0)]


def test_what_is_no_film_is_named_and_leaves_nothing(tmp_path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(2000))
    with pytest.raises(ChildError) as told:
        publish_film(tmp_path / "film.mp4", tmp_path / "out", "")
    assert told.value.problem.code == "no_index"
    assert not any((tmp_path / "out").iterdir())


def test_the_label_that_is_read_is_the_very_text(tmp_path) -> None:
    text = '{ "Label":"1",  "ContentProducer":"签", "ProduceID":"\\u4e2d" }'
    film = make_film(tmp_path / "a.mp4", seconds=1, width=64, height=64, metadata={"AIGC": text}).path
    origin = origin_of(film, tmp_path / "out")
    assert (origin.label, origin.seen, origin.place, origin.grade) == (text, text, "mdta", "readable")
