"""The door of script/demo, script/test, script/manage and script/bench: `python3 script/lib COMMAND …`."""

import sys
from importlib import import_module

from ground import Stop

COMMANDS = {"demo": "serve", "test": "checks", "manage": "command", "bench": "measure"}


def main() -> int:
    """Run the command and return its exit code; a Stop is one sentence, never a trace."""
    try:
        return import_module(COMMANDS[sys.argv[1]]).main(sys.argv[2:])
    except Stop as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
