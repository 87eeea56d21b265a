"""The looks a synthetic film can have, by name."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from .brushes import Image
from .land import Mountains, Terraces
from .night import CityRain, Lanterns
from .paper import Strokes
from .water import Ink, Ocean


class Look(Protocol):
    """One shot in one look."""

    def frame(self, t: float) -> Image:
        """The picture `t` seconds after the shot began: (height, width, 3), 0..1, may run over a little."""


LOOKS: dict[str, Callable[[np.random.Generator, int, int, int, int], Look]] = {
    "mountains": Mountains,
    "terraces": Terraces,
    "ocean": Ocean,
    "ink": Ink,
    "rain": CityRain,
    "lanterns": Lanterns,
    "strokes": Strokes,
}


def make_shot(look: str, *, seed: int, shot: int, width: int, height: int) -> Look:
    """Shot number `shot` of the film `seed`. Shots of one film share their colours and differ in view."""
    if look not in LOOKS:
        raise ValueError(f"There is no look {look!r}; there are {', '.join(LOOKS)}.")
    rng = np.random.default_rng([seed, shot])
    return LOOKS[look](rng, width, height, seed, shot)
