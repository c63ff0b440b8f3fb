"""The Flask extensions, unbound, and how each is bound to an application.

No decision is here. Flask-SQLAlchemy owns the engine only: sessions are opened by `app.transaction`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import cast

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.config import Settings
from app.parts import House, Parts
from app.transaction import Transactions, engine_options, obey_house_rules
from casework.access import CountyId, machine
from casework.store.tables import Base, CountyRow

db = SQLAlchemy(metadata=Base.metadata)
csrf = CSRFProtect()
login_manager = LoginManager()


def client_address() -> str:
    """Return the address of the caller, behind as many proxies as the settings trust."""
    return request.remote_addr or "unknown"


limiter = Limiter(key_func=client_address, swallow_errors=True)


def house() -> House:
    """Return what the current application is made of."""
    return cast("House", current_app.extensions["jianjian"])


def bind_extensions(app: Flask, settings: Settings, parts: Parts) -> None:
    """Bind database, form protection and rate limits to `app`; sign-in is bound by `websession`."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if settings.is_sqlite:
        obey_house_rules(engine)
    transactions = Transactions(
        engine,
        parts.rulebooks,
        parts.cipher,
        parts.bell,
        clock=parts.clock,
        demo=settings.demo,
    )
    app.extensions["jianjian"] = House(settings, transactions, parts)
    csrf.init_app(app)
    app.config["RATELIMIT_STORAGE_URI"] = limit_storage(settings)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = settings.redis_url is not None
    limiter.init_app(app)


def database_answers(home: House) -> bool:
    """Return whether the database can be read now, with its tables in place."""
    try:
        with home.transactions.read(machine(CountyId(home.county))) as uow:
            uow.session.get(CountyRow, home.county)
    except SQLAlchemyError:
        return False
    return True


def read_rules(app: Flask) -> None:
    """Have the rules in force ready before the first request, which tells what is wrong with the database."""
    home: House = app.extensions["jianjian"]
    with suppress(SQLAlchemyError), home.transactions.read(machine(CountyId(home.county))) as uow:
        home.transactions.rulebooks.prepare(uow.session, uow.now)


def is_database_failure(error: Exception) -> bool:
    """Return whether `error` means that the database does not answer, or not in time."""
    return isinstance(error, OperationalError)


def county_now() -> datetime:
    """Return the instant of the county's business; of the wall clock while the database does not answer."""
    home = house()
    try:
        return home.now()
    except SQLAlchemyError:
        return home.wall_time()


def limit_storage(settings: Settings) -> str:
    """Return where rate limits are counted: in the queue server, or in memory where there is none.

    Settings of an installation always name one; memory serves offline commands and tests.
    """
    url = settings.redis_url
    if url is None:
        return "memory://"
    return "redis+" + url if url.startswith("unix://") else url
