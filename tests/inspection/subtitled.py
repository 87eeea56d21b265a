"""Films with subtitle tracks, made for tests."""

import av

from submissions.inspection.synthetic import make_film


def srt(*cues):
    """An SRT file of (start, end, text), as bytes."""
    return "\n".join(
        f"{n}\n{start} --> {end}\n{text}\n" for n, (start, end, text) in enumerate(cues, 1)
    ).encode()


def with_track(folder, name, codec, cues, *, language=None):
    """A film of three seconds with these cues as a track inside; `codec` None: as SRT (Matroska)."""
    film = make_film(folder / "plain.mp4", seconds=3, width=64, height=64).path
    (folder / "side.srt").write_bytes(srt(*cues))
    with (
        av.open(str(film)) as source,
        av.open(str(folder / "side.srt")) as side,
        av.open(str(folder / name), "w") as target,
    ):
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        words = (
            target.add_stream_from_template(side.streams[0]) if codec is None else target.add_stream(codec)
        )
        if language:
            words.metadata["language"] = language
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
        for packet in side.demux():
            if packet.size:
                packet.stream = words
                target.mux(packet)
    return folder / name
