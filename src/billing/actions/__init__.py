"""What finance and buyers do, one verb per file."""
