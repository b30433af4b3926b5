"""What is kept: tables, migrations and every query. Rows to values and back, in one place.

Every query takes an SQLAlchemy connection, as `Database.write` and `Database.read` yield it, as its first argument.
"""
