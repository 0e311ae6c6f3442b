"""Names: how they are romanised, which form English prints, and where one name stands in two spellings."""
