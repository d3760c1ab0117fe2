"""What finance and buyers type in."""
