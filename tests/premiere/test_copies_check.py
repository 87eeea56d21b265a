"""Copies from the shell: sums of files, packages with every file in its place."""

import base64
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from festival.premiere.copies import dcp
from festival.premiere.copies.hashing import NoSums, read_sums, sha256_of, sums_text

ID = "urn:uuid:00000000-0000-4000-8000-00000000000"


def make_dcp(folder: Path, *, interop: bool = False) -> Path:
    """A package with two track files, a playlist and a packing list; the contents are no films."""
    folder.mkdir()
    files = {
        "picture.mxf": b"picture" * 1000,
        "sound.mxf": b"sound" * 1000,
        "CPL.xml": b"<CompositionPlaylist/>",
    }
    assets, packed = [], []
    for number, (name, body) in enumerate(files.items(), 1):
        (folder / name).write_bytes(body)
        digest = base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
        assets.append(
            f"<Asset><Id>{ID}{number}</Id><ChunkList><Chunk><Path>{name}</Path></Chunk></ChunkList></Asset>"
        )
        packed.append(f"<Asset><Id>{ID}{number}</Id><Hash>{digest}</Hash><Size>{len(body)}</Size></Asset>")
    space = "http://www.smpte-ra.org/schemas/429-8/2007/PKL"
    (folder / "PKL.xml").write_text(
        f'<PackingList xmlns="{space}"><AssetList>{"".join(packed)}</AssetList></PackingList>'
    )
    chunk = "<ChunkList><Chunk><Path>PKL.xml</Path></Chunk></ChunkList>"
    own = f"<Asset><Id>{ID}9</Id><PackingList>true</PackingList>{chunk}</Asset>"
    text = f"<AssetMap><AssetList>{own}{''.join(assets)}</AssetList></AssetMap>"
    (folder / ("ASSETMAP" if interop else "ASSETMAP.xml")).write_text(text)
    return folder


@pytest.mark.parametrize("interop", [False, True])
def test_a_whole_package_has_no_faults(tmp_path, interop):
    heard = []
    assert (
        dcp.check(make_dcp(tmp_path / "dcp", interop=interop), lambda done, of: heard.append((done, of)))
        == []
    )
    assert heard[-1][0] == heard[-1][1] == 12_022


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (lambda folder: (folder / "ASSETMAP.xml").unlink(), dcp.Fault("no_map")),
        (lambda folder: (folder / "ASSETMAP.xml").write_text("<a"), dcp.Fault("unreadable", "ASSETMAP.xml")),
        (lambda folder: (folder / "ASSETMAP.xml").write_text("<a/>"), dcp.Fault("no_list")),
        (lambda folder: (folder / "PKL.xml").unlink(), dcp.Fault("missing", "PKL.xml")),
        (lambda folder: (folder / "PKL.xml").write_text("no"), dcp.Fault("unreadable", "PKL.xml")),
        (lambda folder: (folder / "sound.mxf").unlink(), dcp.Fault("missing", "sound.mxf")),
        (lambda folder: (folder / "sound.mxf").write_bytes(b"half"), dcp.Fault("size", "sound.mxf")),
        (lambda folder: (folder / "sound.mxf").write_bytes(b"SOUND" * 1000), dcp.Fault("hash", "sound.mxf")),
    ],
)
def test_each_harm_is_named(tmp_path, harm, fault):
    folder = make_dcp(tmp_path / "dcp")
    harm(folder)
    assert dcp.check(folder) == [fault]
    assert "{" not in dcp.sentence(fault)


@pytest.mark.parametrize("way", ["../secret", "/etc/passwd", "file:///etc/passwd"])
def test_no_file_outside_the_folder_is_read(tmp_path, way):
    folder = make_dcp(tmp_path / "dcp")
    path = folder / "ASSETMAP.xml"
    path.write_text(path.read_text().replace("sound.mxf", way))
    assert dcp.check(folder) == [dcp.Fault("outside", way)]


def test_a_list_of_sums_is_written_and_read(tmp_path):
    path = tmp_path / "灯下 1.mov"
    path.write_bytes(b"film")
    text = sums_text([(sha256_of(path), str(path))])
    assert read_sums(text) == {"灯下 1.mov": hashlib.sha256(b"film").hexdigest()}
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "-"], input=text, text=True, cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    for wrong in ("nonsense", "ab *x", f"{'0' * 64} *x\n{'1' * 64} *x"):
        with pytest.raises(NoSums):
            read_sums(wrong)
    assert read_sums(f"# a word\n\n{'A' * 64}  x\n") == {"x": "a" * 64}


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "festival.premiere", "check", *map(str, arguments)], capture_output=True, text=True
    )  # fmt: skip


def test_the_command_says_what_is_approved_and_what_is_not(tmp_path):
    film, sums = tmp_path / "film.mov", tmp_path / "SHA256SUMS"
    film.write_bytes(b"film")
    alone = run(film)
    assert (alone.returncode, alone.stdout) == (0, f"{hashlib.sha256(b'film').hexdigest()} *film.mov\n")
    sums.write_text(alone.stdout)
    assert run(film, "--sums", sums).stdout == "film.mov: whole, the approved copy.\n"
    film.write_bytes(b"other")
    refused = run(film, "--sums", sums)
    assert refused.returncode == 1 and "NOT the approved copy" in refused.stdout
    other = tmp_path / "other.mov"
    other.write_bytes(b"film")
    assert run(other, "--sums", sums).returncode == 1
    assert run(tmp_path / "none.mov").returncode == 1
    assert run(film, "--sums", tmp_path / "none").returncode == 2
    package = run(make_dcp(tmp_path / "dcp"))
    assert package.returncode == 0 and "every file is there and whole" in package.stdout
    pkl = tmp_path / "dcp" / "PKL.xml"
    sums.write_text(f"{hashlib.sha256(pkl.read_bytes()).hexdigest()} *PKL.xml\n")
    assert "whole, the approved copy" in run(tmp_path / "dcp", "--sums", sums).stdout
    sums.write_text(f"{'0' * 64} *PKL.xml\n")
    wrong = run(tmp_path / "dcp", "--sums", sums)
    assert wrong.returncode == 1 and "NOT the approved copy" in wrong.stdout
