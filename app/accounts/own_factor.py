"""Setting up one's own second factor. Signing in with it is `sign_in`."""

from __future__ import annotations

from app.accounts import records, second_factor
from app.accounts.account import Account
from app.accounts.errors import WrongCode
from app.accounts.events import AccountEvent
from app.parts import House


def set_up(home: House, account: Account, *, key: str, code: str) -> None:
    """Keep `key` sealed as the account's second factor, once the first code has proved it.

    Raises:
        WrongCode: the code does not fit; nothing is changed.
    """
    step = second_factor.matching_step(key, code, home.wall_time(), None)
    if step is None:
        raise WrongCode
    sealed = second_factor.seal_key(home.parts.cipher, key, str(account.id))
    with home.transactions.write(account.actor()) as uow:
        row = records.row_of(uow.session, home.county, account.id)
        row.totp_alg, row.totp_key_id, row.totp_ciphertext = sealed.alg, sealed.key_id, sealed.ciphertext
        row.totp_last_step = step
        uow.audit(AccountEvent.FACTOR_SET, "account", str(account.id))
