"""The company of whoever asks, as this worker has it in memory."""

from app.auth.principal import Principal
from app.plan.build_plan import presence
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from models import OperatorRecord


async def tenant_of(board: Switchboard, who: Principal) -> TenantRows:
    """The rows of whoever asks; a company that was set up a moment ago by another process is read in first."""
    try:
        return board.live_plan.tenant(who.tenant_id)
    except KeyError:
        await board.live_plan.catch_up()
        return board.live_plan.tenant(who.tenant_id)


def presence_of(tenant: TenantRows, who: Principal) -> bool | None:
    """Whether calls may come to ``who``; None for somebody who is no operator, to whom none ever come."""
    operator = tenant.rows[OperatorRecord.__tablename__].get(who.operator_id or "")
    return None if operator is None else presence(operator).may_be_rung
