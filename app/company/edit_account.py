"""Change the company's account at the provider. Tokens are encrypted before they get near the database."""

from app.base.errors import Unprocessable
from app.base.secrets_at_rest import SecretBox
from app.edits.edit import Edit
from app.edits.in_turn import found, save, take_turn
from app.plan.rows import Row
from app.providers.twilio import TWILIO
from models import ProviderAccount


async def change_account(edit: Edit, account_id: str, fields: Row, secret_box: SecretBox) -> Row:
    """Give ``account_sid``, ``token`` and ``next_token`` new values; ``next_token`` None ends a rotation. Raises
    :class:`Problem`."""
    await take_turn(edit)
    account = await found(edit, ProviderAccount, account_id)
    if "account_sid" in fields and not TWILIO.is_account(fields["account_sid"]):
        raise Unprocessable("A Twilio account SID is AC and 32 hexadecimal digits.", field="account_sid")
    for name in ("token", "next_token"):
        if fields.get(name) is not None:
            fields[name] = secret_box.encrypt(fields[name])
    return await save(edit, ProviderAccount, fields, account)
