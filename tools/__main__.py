"""The dev command: `./dev help` lists what it does."""

import subprocess
import sys

from tools.process import Failed, Missing

HELP = """\
./dev demo [--port N] [--host H] [--reset]   run a small festival here; Ctrl-C ends it, the data stays in var/
./dev test [PATH... | pytest options]        all lanes; with a path or an option, the unit lane alone
./dev test --lane NAME [pytest options]      one lane: unit, postgres, browser or s3
./dev check                                  format, lint, types, imports, migrations, translations
./dev messages [--fill FILE.json]            collect texts, fill translations in, list what lacks one
./dev manage COMMAND...                      Django's command line on the demo's data
"""


def main(arguments: list[str]) -> int:
    """Run one command; its module is loaded only then. Gives the exit code."""
    command, rest = (arguments or ["help"])[0], arguments[1:]
    try:
        match command:
            case "demo":
                from tools import demo

                return demo.main(rest)
            case "test":
                from tools import lanes

                return lanes.main(rest)
            case "check":
                from tools import check

                return check.main(rest)
            case "messages":
                from tools import messages

                return messages.main(rest)
            case "manage":
                from tools.site import Site

                return subprocess.call([sys.executable, "manage.py", *rest], env=Site().environment())
            case "help" | "-h" | "--help":
                print(HELP, end="")
                return 0
    except (Failed, Missing) as error:
        print(str(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"There is no command “{command}”.\n\n{HELP}", end="", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
