"""What the inspector can open at all; a rulebook that promises more could not be kept.

Stands apart so that the inspector's child, which has to start fast, need not read the whole rulebook.
"""

LARGEST_PICTURE = (4096, 2304)
HIGHEST_FRAME_RATE = 120
MOST_FRAMES = 60_000
LONGEST_FILM = MOST_FRAMES / 24


def fits_inspector(width: int, height: int) -> bool:
    """Whether a picture is small enough to be decoded safely, in either orientation."""
    return max(width, height) <= LARGEST_PICTURE[0] and min(width, height) <= LARGEST_PICTURE[1]
