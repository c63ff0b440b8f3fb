"""Who is at the screen now. It asks the session only; it checks no permission."""

from __future__ import annotations

from app.accounts.account import Account
from app.accounts.websession import web_session
from casework.access import Actor, is_permitted
from casework.roles import Permission


def current_account() -> Account | None:
    """Return the account that is signed in, None for a guest."""
    return web_session().account


def current_actor() -> Actor:
    """Return the signed-in person as use cases receive it.

    Raises:
        RuntimeError: nobody is signed in; a route that allows guests must not ask.
    """
    account = current_account()
    if account is None:
        message = "a route that is open to guests asked for the actor: declare a permission on it"
        raise RuntimeError(message)
    return account.actor()


def may(permission: Permission) -> bool:
    """Return whether the person at the screen has `permission`; for what a page offers."""
    account = current_account()
    return account is not None and is_permitted(account.actor(), permission)
