"""Every table of the first version.

Revision ID: 2026_11_22_first_tables
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "call_event",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_call_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_call_event_event_id")),
    )
    op.create_index("ix_call_event_call", "call_event", ["tenant_id", "call_id", "position"], unique=False)
    op.create_table(
        "company",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("treatments", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("protected", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "feed_epoch",
        sa.Column("epoch", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_feed_epoch")),
    )
    op.create_table(
        "plan_change",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("row", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_plan_change")),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("serves_version", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "api_key",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_api_key_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_key_secret_hash")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_audit_entry_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["tenant_id", "subject", "row_id"], unique=False)
    op.create_table(
        "blacklist_entry",
        sa.Column("treatment", sa.String(), nullable=True),
        sa.Column("match", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("label", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("created_by", sa.String(), server_default="", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_blacklist_entry_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_blacklist_entry")),
    )
    op.create_index(
        "uq_blacklist_entry_names",
        "blacklist_entry",
        ["tenant_id", "match", "number", "to"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "call",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("caller_kind", sa.String(), nullable=False),
        sa.Column("caller_number", sa.String(), nullable=True),
        sa.Column("caller_name", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=True),
        sa.Column("line_number", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("decision", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("menu_choice", sa.String(), nullable=True),
        sa.Column("queue_id", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_call_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", "tenant_id", name=op.f("pk_call")),
    )
    op.create_index("ix_call_caller", "call", ["tenant_id", "caller_number", "started_at"], unique=False)
    op.create_index("ix_call_client", "call", ["tenant_id", "client_id", "started_at"], unique=False)
    op.create_index("ix_call_open", "call", ["state", "started_at"], unique=False, postgresql_where="state <> 'ended'")
    op.create_index("ix_call_started", "call", ["tenant_id", "started_at"], unique=False)
    op.create_table(
        "holiday",
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("subdivision", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("intervals", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_holiday_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_holiday")),
        sa.UniqueConstraint(
            "tenant_id",
            "country",
            "subdivision",
            "day",
            name=op.f("uq_holiday_tenant_id_country_subdivision_day"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "idempotent_request",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_idempotent_request_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "tenant_id", name=op.f("pk_idempotent_request")),
    )
    op.create_table(
        "menu",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prompts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("keys", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("otherwise", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="3", nullable=False),
        sa.Column("timeout_seconds", sa.Integer(), server_default="5", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_menu_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_menu")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_menu_tenant_id_name")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("days", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("observes_holidays", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_opening_hours_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_opening_hours")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_opening_hours_tenant_id_name")),
    )
    op.create_table(
        "operator",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("queue_ids", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("management", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ring_seconds", sa.Integer(), server_default="20", nullable=False),
        sa.Column("confirm", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("available", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_operator_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_operator")),
        sa.UniqueConstraint("tenant_id", "address", name=op.f("uq_operator_tenant_id_address")),
    )
    op.create_table(
        "phrase",
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_phrase_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_phrase")),
        sa.UniqueConstraint("tenant_id", "phrase", "language", name=op.f("uq_phrase_tenant_id_phrase_language")),
    )
    op.create_table(
        "provider_account",
        sa.Column("provider", sa.String(), server_default="twilio", nullable=False),
        sa.Column("account_sid", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("next_token", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_provider_account_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_provider_account")),
        sa.UniqueConstraint("account_sid", name=op.f("uq_provider_account_account_sid")),
    )
    op.create_table(
        "queue",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("announcement", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_queue_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_queue")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_queue_tenant_id_name")),
    )
    op.create_table(
        "vip_entry",
        sa.Column("match", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("label", sa.String(length=200), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("created_by", sa.String(), server_default="", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_vip_entry_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_vip_entry")),
    )
    op.create_index(
        "uq_vip_entry_names",
        "vip_entry",
        ["tenant_id", "match", "number", "to"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "category",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("queue_id", sa.String(), nullable=True),
        sa.Column("menu_id", sa.String(), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("greeting", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("treatment", sa.String(), nullable=True),
        sa.Column("ignores_hours", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "menu_id"],
            ["menu.tenant_id", "menu.id"],
            name=op.f("fk_category_tenant_id_menu_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "queue_id"],
            ["queue.tenant_id", "queue.id"],
            name=op.f("fk_category_tenant_id_queue_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_category_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_category")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_category_tenant_id_name")),
    )
    op.create_table(
        "line",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("greeting", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("closed_text", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("hours_id", sa.String(), nullable=True),
        sa.Column("menu_id", sa.String(), nullable=True),
        sa.Column("queue_id", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hours_id"],
            ["opening_hours.tenant_id", "opening_hours.id"],
            name=op.f("fk_line_tenant_id_hours_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "menu_id"],
            ["menu.tenant_id", "menu.id"],
            name=op.f("fk_line_tenant_id_menu_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "queue_id"],
            ["queue.tenant_id", "queue.id"],
            name=op.f("fk_line_tenant_id_queue_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_line_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_line")),
        sa.UniqueConstraint("number", name=op.f("uq_line_number")),
    )
    op.create_table(
        "user_account",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "operator_id"],
            ["operator.tenant_id", "operator.id"],
            name=op.f("fk_user_account_tenant_id_operator_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_user_account_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "client",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("company", sa.String(length=200), server_default="", nullable=False),
        sa.Column("category_id", sa.String(), nullable=True),
        sa.Column("standing", sa.String(), server_default="ordinary", nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("about", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("pinned_note", sa.String(length=200), server_default="", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "category_id"],
            ["category.tenant_id", "category.id"],
            name=op.f("fk_client_tenant_id_category_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_client_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_client")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            name=op.f("fk_sign_in_session_tenant_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_sign_in_session_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("secret_hash", "tenant_id", name=op.f("pk_sign_in_session")),
    )
    op.create_table(
        "client_number",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["client.tenant_id", "client.id"],
            name=op.f("fk_client_number_tenant_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_client_number_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("client_id", "number", "tenant_id", name=op.f("pk_client_number")),
    )
    op.create_index("ix_client_number_number", "client_number", ["tenant_id", "number"], unique=False)
    op.execute("INSERT INTO plan_version (id, version) VALUES (1, 0)")
    op.execute("INSERT INTO feed_epoch (epoch) VALUES (substr(md5(gen_random_uuid()::text), 1, 8))")


def downgrade() -> None:
    op.drop_index("ix_client_number_number", table_name="client_number")
    op.drop_table("client_number")
    op.drop_table("sign_in_session")
    op.drop_table("client")
    op.drop_table("user_account")
    op.drop_table("line")
    op.drop_table("category")
    op.drop_index("uq_vip_entry_names", table_name="vip_entry", postgresql_nulls_not_distinct=True)
    op.drop_table("vip_entry")
    op.drop_table("queue")
    op.drop_table("provider_account")
    op.drop_table("phrase")
    op.drop_table("operator")
    op.drop_table("opening_hours")
    op.drop_table("menu")
    op.drop_table("idempotent_request")
    op.drop_table("holiday")
    op.drop_index("ix_call_started", table_name="call")
    op.drop_index("ix_call_open", table_name="call", postgresql_where="state <> 'ended'")
    op.drop_index("ix_call_client", table_name="call")
    op.drop_index("ix_call_caller", table_name="call")
    op.drop_table("call")
    op.drop_index("uq_blacklist_entry_names", table_name="blacklist_entry", postgresql_nulls_not_distinct=True)
    op.drop_table("blacklist_entry")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("api_key")
    op.drop_table("worker")
    op.drop_table("plan_version")
    op.drop_table("plan_change")
    op.drop_table("feed_epoch")
    op.drop_table("company")
    op.drop_index("ix_call_event_call", table_name="call_event")
    op.drop_table("call_event")
