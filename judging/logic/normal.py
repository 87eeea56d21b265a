"""Density and distribution of the standard normal law, over arrays."""

from math import erfc, pi, sqrt

import numpy as np

from judging.logic.scores import Floats

STEP = 1 / 4096
REACH = 9.0
_TABLE: list[Floats] = []


def density(z: Floats) -> Floats:
    """1/√(2π) · exp(−z²/2)."""
    result: Floats = np.exp(-0.5 * z * z) / sqrt(2 * pi)
    return result


def distribution(z: Floats) -> Floats:
    """Chance of being below z, to 1e-8 (a table of exact values with straight lines between them)."""
    if not _TABLE:
        points = np.arange(-REACH, REACH + STEP, STEP)
        _TABLE.append(points)
        _TABLE.append(np.array([0.5 * erfc(-point / sqrt(2)) for point in points]))
    result: Floats = np.interp(z, _TABLE[0], _TABLE[1], left=0.0, right=1.0)
    return result
