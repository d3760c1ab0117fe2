"""Play the journeys: `python -m demo.journeys PORT [NAME …]`. A line a step with its time.

Stops at the first failure.
"""

import sys
import time

import django


def main(port: int, names: list[str]) -> int:
    """Return 0 when every step of every journey, or of those named, went as it must."""
    from demo.journeys import importing, leaving, sharing, shopping, signing_in, subscribing
    from demo.journeys.browser import Surprise

    started = time.monotonic()
    everything = (signing_in, subscribing, shopping, importing, sharing, leaving)
    for journey in [each for each in everything if not names or each.__name__.rpartition(".")[2] in names]:
        say(f"\n{(journey.__doc__ or '').splitlines()[0]}")
        steps = journey.steps(port)
        while True:
            begun = time.monotonic()
            try:
                done = next(steps)
            except StopIteration:
                break
            except Surprise as wrong:
                say(f"  {time.monotonic() - begun:6.1f} s  FAILED  {wrong}")
                return 1
            say(f"  {time.monotonic() - begun:6.1f} s  {done}")
    say(f"\nEvery journey ends well ({time.monotonic() - started:.0f} s).")
    return 0


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
