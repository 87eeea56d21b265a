"""Public codes: short, speakable, without a meaning that could be guessed."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read out on the phone without mistakes


def new_code(length: int = 7) -> str:
    """A random code; 30^7 ≈ 2 × 10¹⁰, so 10,000 entries collide with probability 0.002 (and are retried)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
