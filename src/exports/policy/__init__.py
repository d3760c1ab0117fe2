"""Rules of exports: who may ask for what, what goes in, how long it is kept, and cells no spreadsheet
runs.
"""
