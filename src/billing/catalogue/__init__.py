"""Products, price lists, offers, requirements, promotions, priced lines, shelves, dispatch days."""
