"""What the console shows in place of scores, by the round's gate."""

from typing import Any

from judging import answer_actions
from judging.models import Look, Round


def answer_context(look: Look) -> dict[str, Any]:
    """What the console needs beside the film, by gate; nothing where films are scored."""
    gate = look.round.gate
    if gate == Round.Gate.PASS_FAIL:
        return {"answer_part": "jury/_answer_pass_fail.html"}
    if gate == Round.Gate.PANEL:
        most, given = answer_actions.nominations_of(look)
        return {
            "answer_part": "jury/_answer_nominate.html",
            "most": most,
            "given": given,
            "left": most - given,
        }
    return {}
