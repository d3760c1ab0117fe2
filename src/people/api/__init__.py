"""What every API of the product shares: problems, tokens, pages of lists."""
