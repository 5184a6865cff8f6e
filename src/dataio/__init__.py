"""dataio keeps a PostgreSQL database's schema and data under version control."""

__version__ = "0.1.0"
