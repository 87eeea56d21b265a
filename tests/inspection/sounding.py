"""Films made for their sound."""

from fractions import Fraction

import av
import numpy as np


def film_of(path, *channels, layout="stereo", rate=48000, fps=24):
    """A small grey film, changing with every frame, with this sound uncompressed: an array of −1 to 1 a channel."""
    samples = (np.clip(np.stack(channels, 1), -1, 32767 / 32768) * 32768).round().astype(np.int16)
    with av.open(str(path), "w") as film:
        picture = film.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        sound = film.add_stream("pcm_s16le", rate=rate, layout=layout)
        for n in range(round(len(samples) / rate * fps)):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 60 + n % 120, np.uint8), "rgb24")
            frame.pts, frame.time_base = n, Fraction(1, fps)
            film.mux(picture.encode(frame))
        film.mux(picture.encode(None))
        for at in range(0, len(samples), 1024):
            frame = av.AudioFrame.from_ndarray(samples[at : at + 1024].reshape(1, -1), "s16", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            film.mux(sound.encode(frame))
        film.mux(sound.encode(None))
    return path
