"""The working store of the page, in SQLite or PostgreSQL: the only package that speaks to a database."""
