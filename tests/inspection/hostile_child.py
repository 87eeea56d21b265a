"""A child as the runner starts it, with hostile operations added and only some guards up. For tests alone.

python -m tests.inspection.hostile_child GUARD,GUARD,… FD
"""

import sys

from submissions.inspection import child, fence
from tests.inspection import (
    hostile,  # read before the fence is up: tests are no part of what a child may read
)

if __name__ == "__main__":
    wanted = sys.argv.pop(1).split(",")
    for guard in set(fence.GUARDS) - set(wanted):
        del fence.GUARDS[guard]
    child.OPERATIONS["hostile"] = hostile.__name__
    child.main()
