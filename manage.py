#!/usr/bin/env python
"""Run a management command of Préau; `script/manage` does it in the right environment."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put the rooms on the path and hand the command to Django."""
    sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
