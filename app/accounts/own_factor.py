"""Setting up one's own second factor, or another in its place. Signing in with it is `sign_in`.

An open session is not enough: who sits down at somebody's desk could else replace what protects the account.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts import records, second_factor, sign_in
from app.accounts.account import Account
from app.accounts.errors import WrongCode, WrongOldCode, WrongPassword
from app.accounts.events import AccountEvent
from app.parts import House


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that it is the owner of the account.

    Attributes:
        password: the present one.
        code: of the second factor that is in use; not looked at where there is none.
        client: network address, for the audit log.
    """

    password: str
    code: str
    client: str


def set_up(home: House, account: Account, *, key: str, code: str, proof: Proof) -> None:
    """Keep `key` sealed as the account's second factor, once the first code has proved it.

    Failures count like those at sign-in, and lock the account as there.

    Raises:
        WrongCode: the code does not fit the key; nothing is changed.
        WrongPassword: `proof` has another one, or the account is locked.
        WrongOldCode: `proof` has no fresh code of the factor in use.
    """
    step = second_factor.matching_step(key, code, home.wall_time(), None)
    if step is None:
        raise WrongCode
    if sign_in.check_password(home, account.login, proof.password, client=proof.client) is None:
        raise WrongPassword
    if account.has_factor and sign_in.check_code(home, account.id, proof.code, client=proof.client) is None:
        raise WrongOldCode
    sealed = second_factor.seal_key(home.parts.cipher, key, str(account.id))
    with home.transactions.write(account.actor()) as uow:
        row = records.row_of(uow.session, home.county, account.id)
        row.totp_alg, row.totp_key_id, row.totp_ciphertext = sealed.alg, sealed.key_id, sealed.ciphertext
        row.totp_last_step = step
        uow.audit(AccountEvent.FACTOR_SET, "account", str(account.id))
