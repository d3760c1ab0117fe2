"""Ask for a deletion, decide on it, undo it, carry it out, do it again after a restore.

Set how long data is kept.
"""
