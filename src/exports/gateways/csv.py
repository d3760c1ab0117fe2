"""Lists as CSV, drawn by people, whose pages need them too; apps above ask here."""

from people.gateways.csv import csv_lines, csv_response, csv_text

__all__ = ["csv_lines", "csv_response", "csv_text"]
