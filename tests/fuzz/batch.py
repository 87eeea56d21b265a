"""The child that inspects many cases: fenced in as the child of one film, and doing what that child does.

python -m tests.fuzz.batch FD: reads lines {"path", "operation", "request"} and answers a line each, as the child
does. It may read the folder of cases instead of one film; its CPU limit is for all cases together.
"""

import json
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

from submissions.inspection import child
from submissions.inspection.fence import Plot, confine


def main() -> None:
    answers = os.fdopen(int(sys.argv[1]), "w", encoding="utf-8", buffering=1)
    start = json.loads(sys.stdin.readline())
    cases, work = Path(start["cases"]), Path(start["work"])
    os.environ["TMPDIR"] = str(work)
    missing = confine(Plot(cases, work, start["parent"], start["limits"]))
    for module in child.OPERATIONS.values():
        import_module(module)
    child.scale_cpu = lambda _limits, _header: None  # type: ignore[assignment]
    print(json.dumps({"missing": missing}), file=answers)
    for line in sys.stdin:
        case = json.loads(line)
        folder = work / "case"
        folder.mkdir()
        module = child.OPERATIONS[case["operation"]]
        said = child.attempt(module, case["request"], Path(case["path"]), folder, lambda _stage, _share: None)
        left = sorted(file.name for file in folder.iterdir())
        try:
            text = json.dumps({**said, "left": left}, ensure_ascii=True, allow_nan=False)
        except ValueError as error:
            text = json.dumps({"unsayable": str(error), "left": left})
        shutil.rmtree(folder)
        print(text, file=answers)
    os._exit(0)


if __name__ == "__main__":
    main()
