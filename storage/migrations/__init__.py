"""The schema's history, run by alembic.

A change of `storage/schema.py` comes with the next numbered file in `versions/` and a new `HEAD` in
`storage/migrate.py`; tests/storage/test_migrations.py says what a migration forgot.
"""
