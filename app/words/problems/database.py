"""Why a database cannot be used, in words, with what to do about it."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.database import (
    CertificateNotTrusted,
    DatabaseFault,
    DatabaseProblem,
    DatabaseRefuses,
    DatabaseSilent,
    FileOfUrlNotRead,
    MigrationFailed,
    NewerSchema,
    NoRightToCreate,
    NoRightToTables,
    NotUtf8,
    OtherSchema,
    ServerTooOld,
    UnknownWord,
    WordNotValid,
)


def database_words(cause: DatabaseProblem) -> str:  # one answer for each cause
    """One sentence."""
    match cause:
        case DatabaseFault():
            return _fault_words(cause)
        case UnknownWord("ssl", _known):
            return _("DATABASE_URL: write sslmode= in place of ssl=, as libpq does (sslmode=require, for example).")
        case UnknownWord(word, known):
            return _(
                "DATABASE_URL: the parameter “%(word)s” is not known; these are: %(known)s.",
                word=word,
                known=", ".join(known),
            )
        case WordNotValid(word, value, allowed):
            return _(
                "DATABASE_URL: %(word)s cannot be “%(value)s”; write %(allowed)s.",
                word=word,
                value=value,
                allowed=" | ".join(allowed),
            )
        case FileOfUrlNotRead(word, path, reason):
            return _(
                "DATABASE_URL: the file %(path)s of %(word)s cannot be read (%(reason)s); check the path and its rights.",
                path=path,
                word=word,
                reason=reason,
            )
        case DatabaseSilent(reason):
            return _(
                "The database does not answer (%(reason)s); is DATABASE_URL right, and the server up?", reason=reason
            )
        case CertificateNotTrusted(reason):
            return _(
                "The database's certificate is not trusted (%(reason)s); give the certificate of the authority that "
                "signed it as sslrootcert, and with verify-full the host name that it is for.",
                reason=reason,
            )
        case DatabaseRefuses(reason):
            return _(
                "The database refuses: %(reason)s; check user, password and database in DATABASE_URL.", reason=reason
            )
        case NotUtf8(database, encoding):
            return _(
                "The database %(database)s is encoded in %(encoding)s, which cannot hold every caller's name; make one with "
                "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.",
                database=database,
                encoding=encoding,
            )
        case ServerTooOld(version, needed):
            return _(
                "The server is PostgreSQL %(version)s; %(needed)s or newer is needed. Upgrade it.",
                version=version,
                needed=needed,
            )
        case NoRightToCreate(role, schema):
            return _(
                "The user %(role)s may not create tables in the schema %(schema)s; as the database's owner run "
                "GRANT ALL ON SCHEMA %(schema)s TO %(role)s, or make %(role)s the owner.",
                role=role,
                schema=schema,
            )
        case NoRightToTables(role, table, others):
            return _(
                "The user %(role)s may not read and write the table %(table)s (and %(others)s others); use the user who "
                "migrated, or GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES to it.",
                role=role,
                table=table,
                others=others,
            )
        case OtherSchema(current, needed):
            return _(
                "The database has schema %(current)s, this version needs %(needed)s; run `antichambre migrate`.",
                current=current or _("none"),
                needed=needed,
            )
        case NewerSchema(current):
            return _(
                "The database has schema %(current)s, which a later version of Antichambre made; install that version.",
                current=current,
            )
        case MigrationFailed(revision, reason, in_the_way):
            return _migration_words(revision, reason, in_the_way=in_the_way)
        case _:
            assert_never(cause)


def _migration_words(revision: str, reason: str, *, in_the_way: bool) -> str:
    if in_the_way:
        return _(
            "The migration to %(revision)s was taken back (%(reason)s): another session holds a table; end long "
            "transactions such as backups, and run `antichambre migrate` again.",
            revision=revision,
            reason=reason,
        )
    return _(
        "The migration to %(revision)s failed and was taken back: %(reason)s; mend that, then run `antichambre migrate`.",
        revision=revision,
        reason=reason,
    )


def _fault_words(fault: DatabaseFault) -> str:
    match fault:
        case DatabaseFault.NOT_POSTGRESQL:
            return _("DATABASE_URL must begin with postgresql://; other databases are not supported.")
        case DatabaseFault.ADDRESS_UNREADABLE:
            return _("DATABASE_URL: the port is not a number; write postgresql://user:password@host:5432/database.")
        case DatabaseFault.CHANNEL_BINDING:
            return _(
                "DATABASE_URL: channel_binding=require cannot be kept; leave it out, and use sslmode=verify-full to be sure "
                "of the server."
            )
        case DatabaseFault.NO_TLS:
            return _(
                "The database does not offer TLS, which sslmode in DATABASE_URL asks for; switch it on in the server (ssl = "
                "on), or write sslmode=disable on a network that you trust."
            )
        case DatabaseFault.POOLER_REFUSES:
            return _(
                "A connection pooler (PgBouncer) stands before the database and refuses what DATABASE_URL wants set; "
                "connect to PostgreSQL itself."
            )
        case DatabaseFault.POOLER_SHARES:
            return _(
                "A connection pooler in transaction mode stands before the database; notifications and prepared statements "
                "do not pass it. Connect to PostgreSQL itself, or set pool_mode = session."
            )
        case DatabaseFault.READ_ONLY:
            return _(
                "The database is read-only (a standby?); name the primary, or several hosts with "
                "target_session_attrs=read-write."
            )
        case DatabaseFault.NO_SCHEMA_TO_USE:
            return _(
                "The database's user may use no schema in its search_path; as the database's owner run GRANT ALL ON SCHEMA "
                "public TO that user."
            )
        case DatabaseFault.OTHER_SECRET_KEY:
            return _(
                "The database was set up with another ANTICHAMBRE_SECRET_KEY, so no call could be verified; start with that "
                "one. Without the setting it is the file secret.key of the first data folder."
            )
        case _:
            assert_never(fault)
