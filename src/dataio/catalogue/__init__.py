"""The catalogue: datasets, who may see what, keys. Models of ``schema.sql``, statements made of them, and the pool that
runs them.

Statements are SQLAlchemy's, compiled once and run by psycopg: what is asked is checked against the models, and costs
what the text alone would.
"""
