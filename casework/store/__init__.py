"""SQLAlchemy records and the queries over them. It never commits and decides nothing."""
