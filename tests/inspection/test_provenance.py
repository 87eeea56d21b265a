"""Labels of AI-made content, XMP and content credentials, in files written here by other tools."""

import json
import shutil
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

import av
import pytest
from c2pa import Reader

from festival.edition.rulebook import Rulebook
from submissions.inspection.aigc import grade
from submissions.inspection.container import Label, look_inside
from submissions.inspection.facts import Aigc, C2pa, C2paAction
from submissions.inspection.provenance import read_provenance, read_xmp
from submissions.inspection.runner import inspect_film
from submissions.inspection.synthetic import make_film
from tests.inspection.signing import sign

CODE = "001191440300708461136T1XGW3"  # 27 characters, as producers write them
GOOD = {
    "Label": "1", "ContentProducer": CODE, "ProduceID": "a81f", "ReservedCode1": "", "ContentPropagator": "",
    "PropagateID": "", "ReservedCode2": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", seconds=1, width=64, height=64).path


def remux(film, target, *, tags=None, **options):
    with av.open(str(film)) as source, av.open(str(target), "w", options=options) as copy:
        copy.metadata.update(tags or {})
        streams = {stream.index: copy.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)
    return target


def provenance(path, container=None, **options):
    kind = container or path.suffix[1:]
    return read_provenance(path, kind, look_inside(path, kind), **options)


def box(kind: bytes, *content: bytes) -> bytes:
    return struct.pack(">I", 8 + sum(map(len, content))) + kind + b"".join(content)


# The label in every container


@pytest.mark.parametrize("name", ["film.mp4", "film.mov"])
def test_the_label_ffmpeg_writes_into_mp4_and_mov(tmp_path, film, name):
    path = remux(film, tmp_path / name, tags={"AIGC": json.dumps(GOOD)}, movflags="use_metadata_tags")
    said = provenance(path).aigc
    assert said == Aigc("conformant", place="mdta", label="1", producer=CODE, produce_id="a81f")
    report = inspect_film(path, Rulebook(), tmp_path / "out")
    assert report.provenance.aigc == said
    assert report.provenance.says_ai


def test_without_that_flag_ffmpeg_drops_it(tmp_path, film):
    assert provenance(remux(film, tmp_path / "film.mp4", tags={"AIGC": json.dumps(GOOD)})).aigc == Aigc()


def test_the_label_in_matroska(tmp_path, film):
    path = remux(film, tmp_path / "film.mkv", tags={"AIGC": json.dumps(GOOD)})
    assert (provenance(path).aigc.grade, provenance(path).aigc.place) == ("conformant", "tag")


def test_the_label_in_webm(tmp_path):
    path = make_film(
        tmp_path / "film.webm", seconds=1, width=64, height=64, codec="libvpx-vp9", audio_codec="libopus",
        metadata={"AIGC": json.dumps(GOOD)},
    ).path  # fmt: skip
    assert provenance(path).aigc.grade == "conformant"


def test_the_label_in_avi(tmp_path):
    film = make_film(
        tmp_path / "film.avi", seconds=1, width=64, height=64, codec="mpeg4", audio_codec="mp3"
    ).path
    assert provenance(film).aigc.grade == "absent"
    value = json.dumps(GOOD).encode() + b"\0"
    value += b"\0" * (len(value) % 2)
    info = b"INFO" + b"AIGC" + struct.pack("<I", len(value)) + value
    film.write_bytes(film.read_bytes() + b"LIST" + struct.pack("<I", len(info)) + info)
    assert (provenance(film).aigc.grade, provenance(film).aigc.place) == ("conformant", "info")
    assert inspect_film(film, Rulebook(), tmp_path / "out").provenance.aigc.grade == "conformant"


def test_the_label_in_flv(tmp_path, film):
    path = remux(film, tmp_path / "film.flv", tags={"AIGC": json.dumps(GOOD)})
    assert (provenance(path).aigc.grade, provenance(path).aigc.place) == ("conformant", "script")


XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Dreamer 3"
 xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<TC260:AIGC>{label}</TC260:AIGC>
<e:DigitalSourceType rdf:resource="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def test_xmp_in_its_own_box(tmp_path, film):
    packet = XMP.format(label=json.dumps(GOOD)).encode()
    (tmp_path / "film.mp4").write_bytes(film.read_bytes() + box(b"uuid", XMP_UUID, packet))
    said = provenance(tmp_path / "film.mp4")
    assert (said.aigc.grade, said.aigc.place, said.creator_tool) == ("conformant", "xmp", "Dreamer 3")
    assert said.source_type == "trainedAlgorithmicMedia"
    with av.open(
        str(tmp_path / "film.mp4"), options={"export_xmp": "1"}
    ) as opened:  # another reader finds it too
        assert "Dreamer 3" in opened.metadata["xmp"]


def test_xmp_that_would_explode_is_not_read():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    assert read_xmp(bomb.encode()) == {}
    assert read_xmp(b"<x><unclosed>") == {}
    assert read_xmp(b"") == {}


# The grade


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("conformant", "", "")),
        ({"Label": "2"}, ("conformant", "", "")),
        ({"Label": "2", "ContentProducer": "", "ProduceID": "", "ContentPropagator": CODE, "PropagateID": "9"},
         ("conformant", "", "")),
        ({"Label": "AIGC"}, ("readable", "label_value", "Label")),
        ({"Label": 1}, ("readable", "not_text", "Label")),
        ({"Label": ""}, ("broken", "no_label", "Label")),
        ({"ContentProducer": "Dreamer Ltd"}, ("readable", "producer_form", "ContentProducer")),
        ({"ContentProducer": ""}, ("readable", "no_producer", "ContentProducer")),
        ({"ProduceID": " "}, ("readable", "no_producer", "ProduceID")),
        ({"ReservedCode2": None}, ("readable", "not_text", "ReservedCode2")),
    ],
)  # fmt: skip
def test_fields(changes, expected):
    said = grade([Label("mdta", "AIGC", json.dumps(GOOD | changes))])
    assert (said.grade, said.reason, said.field) == expected


@pytest.mark.parametrize("name", GOOD)
def test_a_field_that_is_not_there(name):
    value = json.dumps({key: text for key, text in GOOD.items() if key != name})
    said = grade([Label("mdta", "AIGC", value)])
    assert (said.grade, said.reason) == (
        ("broken", "no_label") if name == "Label" else ("readable", "missing_field")
    )


GOOD_TEXT = json.dumps(GOOD)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (Label("mdta", "AIGC", ""), ("broken", "empty")),
        (Label("mdta", "AIGC", "made by AI"), ("broken", "not_json")),
        (Label("mdta", "AIGC", GOOD_TEXT.replace('"', "'")), ("broken", "not_json")),
        (Label("mdta", "AIGC", "[1]"), ("broken", "not_object")),
        (Label("mdta", "AIGC", "true"), ("broken", "not_object")),
        (Label("mdta", "AIGC", "{}"), ("broken", "no_fields")),
        (Label("mdta", "AIGC", "[" * 100_000), ("broken", "not_json")),
        (Label("mdta", "AIGC", json.dumps({"AIGC": GOOD})), ("readable", "wrapped")),
        (Label("mdta", "AIGC", json.dumps(GOOD_TEXT)), ("readable", "wrapped")),
        (Label("mdta", "AIGC", GOOD_TEXT.lower()), ("readable", "field_case")),
        (Label("mdta", "aigc", GOOD_TEXT), ("readable", "wrong_key")),
        (Label("mdta", "com.vendor.AIGC", GOOD_TEXT), ("readable", "wrong_key")),
        (Label("itunes", "AIGC", GOOD_TEXT), ("readable", "wrong_place")),
        (Label("itunes", "©cmt", json.dumps({"AIGC": GOOD})), ("readable", "wrong_key")),
        (Label("itunes", "©cmt", "AIGC is a fine thing"), ("absent", "")),
        (Label("mdta", "title", "AIGC"), ("absent", "")),
    ],
)
def test_places_and_forms(label, expected):
    said = grade([label])
    assert (said.grade, said.reason) == expected


def test_the_best_of_several_counts():
    assert grade([Label("mdta", "AIGC", "?"), Label("xmp", "AIGC", GOOD_TEXT)]).grade == "conformant"
    assert grade([]).grade == "absent"


# Content credentials, signed here


@pytest.fixture(scope="module")
def signed(tmp_path_factory, film):
    """A film with credentials, and the certificate of the authority that stands behind them."""
    target = tmp_path_factory.mktemp("signed") / "film.mp4"
    return target, sign(film, target)


def test_a_good_signature_by_somebody_unknown(signed):
    said = provenance(signed[0])
    assert (said.c2pa.state, said.c2pa.reason, said.c2pa.issuer) == (
        "valid", "signingCredential.untrusted", "Dream Studio",
    )  # fmt: skip
    assert said.c2pa.generators == ("Dreamer 3.1",)
    assert said.c2pa.actions == (C2paAction("c2pa.created", "Dreamer Video 3", "trainedAlgorithmicMedia"),)
    assert said.says_ai


def test_a_signature_by_somebody_trusted_in_the_limited_child(signed, tmp_path):
    report = inspect_film(signed[0], Rulebook(), tmp_path / "out", trust=signed[1])
    assert (report.provenance.c2pa.state, report.provenance.c2pa.reason) == ("trusted", "")


def test_the_command_takes_the_trusted_certificates(signed, tmp_path):
    (tmp_path / "trust.pem").write_text(signed[1])

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "submissions.inspection", "--json", str(signed[0]), *arguments],
            capture_output=True, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip

    assert json.loads(run().stdout)["provenance"]["c2pa"]["state"] == "valid"
    assert (
        json.loads(run("--trust", str(tmp_path / "trust.pem")).stdout)["provenance"]["c2pa"]["state"]
        == "trusted"
    )
    (tmp_path / "trust.pem").write_text("not a certificate")
    assert run("--trust", str(tmp_path / "trust.pem")).returncode == 2


def test_one_byte_changed_is_tampering(signed, tmp_path):
    data = bytearray(signed[0].read_bytes())
    at = data.index(b"mdat") + 200
    data[at] ^= 1
    (tmp_path / "film.mp4").write_bytes(data)
    said = provenance(tmp_path / "film.mp4", trust=signed[1]).c2pa
    assert (said.state, said.reason) == ("tampered", "assertion.bmffHash.mismatch")


def test_a_copy_made_by_ffmpeg_has_lost_them(signed, tmp_path):
    assert provenance(remux(signed[0], tmp_path / "film.mp4")).c2pa == C2pa()


def test_a_manifest_that_is_noise(film, tmp_path):
    noise = box(
        b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481"), b"\0" * 4, b"manifest\0", b"\xff" * 300
    )
    data = film.read_bytes()
    first = struct.unpack_from(">I", data)[0]
    (tmp_path / "film.mp4").write_bytes(data[:first] + noise + data[first:])
    assert provenance(tmp_path / "film.mp4").c2pa.state in ("unread", "tampered")


class Listener:
    """Counts who connects."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.connections = self.socket.getsockname()[1], 0
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def __exit__(self, *_):
        self.socket.close()


def test_a_manifest_elsewhere_is_named_and_not_fetched(film, tmp_path):
    """The library alone, as it comes, does connect: that half shows that the listener would notice."""
    path = tmp_path / "film.mp4"
    with Listener() as listener:
        packet = XMP.format(label="").replace(
            "<rdf:Description ",
            f'<rdf:Description xmlns:dcterms="http://purl.org/dc/terms/" '
            f'dcterms:provenance="http://127.0.0.1:{listener.port}/manifest.c2pa" ',
        ).encode()  # fmt: skip
        shutil.copy(film, path)
        with path.open("ab") as stream:
            stream.write(box(b"uuid", XMP_UUID, packet))
        assert provenance(path).c2pa.state == "remote"

        from submissions.inspection.provenance import read_c2pa

        assert read_c2pa(path, "video/mp4").state == "remote"
        assert listener.connections == 0
        with pytest.raises(Exception), path.open("rb") as stream, Reader("video/mp4", stream):  # noqa: B017
            pass
        assert listener.connections > 0
