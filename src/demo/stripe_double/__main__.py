"""Start the double of the payment provider.

python -m demo.stripe_double --port 4242 --to http://localhost:8000/hooks/stripe/ --book FOLDER/stripe.json
"""

import argparse
import os
import sys
from pathlib import Path

from demo.stripe_double.book import Book
from demo.stripe_double.server import Double
from demo.stripe_double.webhooks import Courier


def main() -> int:
    """Serve until told to stop; refuse outside of a demonstration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--to", required=True, help="where events go")
    parser.add_argument("--book", type=Path, required=True, help="where the book is kept between runs")
    asked = parser.parse_args()
    if os.environ.get("PREAU_DEMO") != "1":
        sys.stderr.write("This stand-in takes no real payment: it serves demonstrations only.\n")
        return 2
    courier = Courier(asked.to, os.environ["STRIPE_WEBHOOK_SECRET"])
    double = Double(Book(courier.take, asked.book), key=os.environ["STRIPE_API_KEY"], port=asked.port)
    double.serve_forever(poll_interval=0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
