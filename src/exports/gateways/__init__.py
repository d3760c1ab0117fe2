"""Doors to the world: paper, spreadsheets, archives and stored files."""
