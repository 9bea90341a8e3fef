"""The database engine. Calls are decided without it; edits, pages and the shipper use it."""

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

COMMAND_TIMEOUT_SECONDS = 10.0


def create_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine for ``url`` (``postgresql+asyncpg://…``); a statement that hangs fails after ten seconds."""
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={
            "command_timeout": COMMAND_TIMEOUT_SECONDS,
            "timeout": 5,
            "server_settings": {"application_name": "antichambre", "timezone": "UTC", "jit": "off"},
        },
    )


def session_maker(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after commit, since answers are built from them."""
    return async_sessionmaker(engine, expire_on_commit=False)
