"""The file that verifies offline what we sign: it goes with everything that is handed over."""

from pathlib import Path

NAME = "verify_preau.py"

_FILE = Path(__file__).resolve().parent.parent / "data" / NAME


def verifier_script() -> bytes:
    """Return the whole program: one file for Python alone, which holds no secret."""
    return _FILE.read_bytes()
