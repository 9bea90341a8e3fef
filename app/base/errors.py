"""Errors know their status and their stable name, and carry what is the matter as a value. The sentence is made where
somebody reads it: :mod:`app.words.problems`."""

from app.base.problems import Cause
from app.base.problems.members import WithMembers


class Problem(Exception):
    """Something that the client has to know: ``cause`` says what, ``field`` where, ``code`` is stable and public."""

    status: int = 400
    code: str = "bad-request"

    def __init__(self, cause: Cause, *, field: str | None = None) -> None:
        super().__init__(cause)
        self.cause, self.field = cause, field

    def __str__(self) -> str:
        """For logs; people get :func:`app.words.problems.problem_words`."""
        return f"{self.code}: {self.cause}" + (f" in {self.field}" if self.field else "")

    @property
    def members(self) -> dict[str, object]:
        """Further members of the answer, such as ``entry``."""
        return self.cause.members() if isinstance(self.cause, WithMembers) else {}


class NotReadyToStart(Problem):
    """The service or a command cannot start like this."""

    status = 503
    code = "not-ready-to-start"


class DatabaseUnreachable(NotReadyToStart):
    """Nobody can say what schema the database has; a service that has a saved plan starts all the same."""

    code = "database-unreachable"


class NotFound(Problem):
    """Nothing of that id here; the same answer whether it never was or is somebody else's."""

    status = 404
    code = "not-found"


class MethodNotAllowed(Problem):
    """The address is there, but not for this method."""

    status = 405
    code = "method-not-allowed"


class TooLarge(Problem):
    """The body is larger than what is taken."""

    status = 413
    code = "too-large"


class MediaNotTaken(Problem):
    """The body is of a kind that is not taken here."""

    status = 415
    code = "unsupported-media-type"


class RangeNotSatisfiable(Problem):
    """No byte that is asked for is there."""

    status = 416
    code = "range-not-satisfiable"


class Unprocessable(Problem):
    """A field cannot be read."""

    status = 422
    code = "unprocessable"


class Conflict(Problem):
    """The change contradicts what is there."""

    status = 409
    code = "conflict"


class VipIsListed(Conflict):
    """A number to be blacklisted is on the VIP list."""

    code = "listed-as-vip"


class BlacklistIsListed(Conflict):
    """A number to become a VIP is on the blacklist."""

    code = "listed-as-blacklisted"


class AlreadyListed(Conflict):
    """The list has this entry already."""

    code = "already-listed"


class ProtectedNumber(Conflict):
    """A number that cannot be blocked: our own lines, staff, emergency services, chosen numbers."""

    code = "protected-number"


class InUse(Conflict):
    """What is in use is not deleted."""

    code = "in-use"


class LastAdmin(Conflict):
    """Nobody would be left who can let anybody in."""

    code = "last-admin"


class ChangedMeanwhile(Conflict):
    """What is to be changed is not any more as it was seen."""

    code = "changed-meanwhile"


class ComeBack(Conflict):
    """A deleted client is here again."""

    code = "come-back"


class NameTaken(Conflict):
    """Another one has this name, number or address."""

    code = "name-taken"


class ImportUnderWay(Conflict):
    """A list is being imported, and this change has to wait for it."""

    code = "import-under-way"


class ImportDiffers(Conflict):
    """What is there has changed since the preview of an import, which would do something else now."""

    code = "import-differs"


class IdempotencyKeyReused(Conflict):
    """The key came before with other content."""

    code = "idempotency-key-reused"


class SecretShownOnce(Conflict):
    """The key came before and made a secret, which is not shown a second time."""

    code = "secret-shown-once"


class NotAuthenticated(Problem):
    """No key, or a wrong, revoked or expired one."""

    status = 401
    code = "not-authenticated"


class NotAllowed(Problem):
    """The key or the person lacks the right."""

    status = 403
    code = "not-allowed"


class TooManyRequests(Problem):
    """Slow down."""

    status = 429
    code = "too-many-requests"


class Failure(Problem):
    """A fault of ours."""

    status = 500
    code = "internal-error"


class Unavailable(Problem):
    """What this needs is away for the moment; calls are decided all the same."""

    status = 503
    code = "unavailable"
