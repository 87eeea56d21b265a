"""What rounds of judging know: gates, rules of passing, ballots, cuts, official rules. Codes, without Django."""

GATES = ("pass_fail", "panel", "score", "ballot")
PASS_RULES = ("all", "majority", "at_least")
BALLOTS = ("ranked", "approval", "points")
OFFICIAL_RULES = ("weighted_mean", "weighted_sum", "trimmed_mean", "median", "points")
TIE_LAST = ("shared", "lot")
DECIDERS = ("official", "adjusted", "own")
# Which cuts each gate can make; the first is the usual one.
CUTS: dict[str, tuple[str, ...]] = {
    "pass_fail": ("passed", "count", "share"),
    "panel": ("nominated", "count", "share"),
    "score": ("count", "share", "score", "probability"),
    "ballot": ("ballot",),
}
COUNTED = ("count", "ballot", "nominated")  # their values are whole numbers
PER_CENT = ("share", "probability")
