"""First schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('counties',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('clock_offset_seconds', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counties'))
    )
    op.create_table('heartbeats',
    sa.Column('process', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('detail', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('process', name=op.f('pk_heartbeats'))
    )
    op.create_table('audit_log',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('object_kind', sa.Text(), nullable=False),
    sa.Column('object_id', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_audit_log_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_log'))
    )
    op.create_index('ix_audit_log_county_at', 'audit_log', ['county_id', 'at'], unique=False)
    op.create_table('idempotency_keys',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('body_sha256', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('answer', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_idempotency_keys_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idempotency_keys')),
    sa.UniqueConstraint('county_id', 'token_id', 'key', name=op.f('uq_idempotency_keys_county_id_token_id_key'))
    )
    op.create_table('matters',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('topic', sa.String(length=60), nullable=True),
    sa.Column('place', sa.String(length=60), nullable=True),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('sketch', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_matters_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matters'))
    )
    op.create_index('ix_matters_lookup', 'matters', ['county_id', 'topic', 'place', 'last_seen_at'], unique=False)
    op.create_table('number_series',
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('issuer', sa.String(length=30), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_number_series_county_id')),
    sa.PrimaryKeyConstraint('county_id', 'issuer', 'year', name=op.f('pk_number_series'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('object_id', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_outbox_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    op.create_index('ix_outbox_pending', 'outbox', ['sent_at', 'id'], unique=False)
    op.create_table('pack_activations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('ref', sa.Text(), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_pack_activations_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pack_activations'))
    )
    op.create_index(op.f('ix_pack_activations_effective_at'), 'pack_activations', ['effective_at'], unique=False)
    op.create_table('packs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('pack_id', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('ref', sa.Text(), nullable=False),
    sa.Column('files', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('approver_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_packs_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_packs')),
    sa.UniqueConstraint('county_id', 'pack_id', 'version', name=op.f('uq_packs_county_id_pack_id_version')),
    sa.UniqueConstraint('county_id', 'ref', name=op.f('uq_packs_county_id_ref'))
    )
    op.create_table('pseudonym_keys',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('alg', sa.Text(), nullable=False),
    sa.Column('ciphertext', sa.LargeBinary(), nullable=True),
    sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_pseudonym_keys_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pseudonym_keys')),
    sa.UniqueConstraint('county_id', 'month', name=op.f('uq_pseudonym_keys_county_id_month'))
    )
    op.create_table('sources',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('media_level', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('every_minutes', sa.Integer(), nullable=False),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_sources_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sources')),
    sa.UniqueConstraint('county_id', 'code', name=op.f('uq_sources_county_id_code'))
    )
    op.create_table('units',
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('short', sa.Text(), nullable=False),
    sa.Column('family', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('superior', sa.Text(), nullable=True),
    sa.Column('duties', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('contacts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_units_county_id')),
    sa.PrimaryKeyConstraint('county_id', 'code', name=op.f('pk_units'))
    )
    op.create_table('users',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=True),
    sa.Column('roles', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('totp_alg', sa.Text(), nullable=True),
    sa.Column('totp_key_id', sa.Text(), nullable=True),
    sa.Column('totp_ciphertext', sa.LargeBinary(), nullable=True),
    sa.Column('totp_last_step', sa.BigInteger(), nullable=True),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('password_history', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('failed_logins', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_users_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('county_id', 'login', name=op.f('uq_users_county_id_login'))
    )
    op.create_table('api_tokens',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('scopes', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_api_tokens_county_id')),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_api_tokens_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_tokens_token_hash'))
    )
    op.create_table('cases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('gist', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('grade', sa.String(length=10), nullable=False),
    sa.Column('proposed_grade', sa.Text(), nullable=True),
    sa.Column('demand', sa.Text(), nullable=False),
    sa.Column('topic', sa.Text(), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('lead_unit', sa.Text(), nullable=True),
    sa.Column('proposed_lead', sa.Text(), nullable=True),
    sa.Column('route_basis', sa.Text(), nullable=False),
    sa.Column('assist_units', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('matter_id', sa.Uuid(), nullable=True),
    sa.Column('pack_ref', sa.Text(), nullable=False),
    sa.Column('calendar_version', sa.Text(), nullable=False),
    sa.Column('redo_count', sa.Integer(), nullable=False),
    sa.Column('dissatisfied_count', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('dispatched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('policy', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_cases_county_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_cases_matter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('county_id', 'number', name=op.f('uq_cases_county_id_number'))
    )
    op.create_index('ix_cases_counts', 'cases', ['county_id', 'state', 'grade', 'confidential', 'lead_unit', 'next_due_at', 'opened_at', 'id'], unique=False)
    op.create_index('ix_cases_due', 'cases', ['county_id', 'next_due_at'], unique=False)
    op.create_index(op.f('ix_cases_lead_unit'), 'cases', ['lead_unit'], unique=False)
    op.create_index('ix_cases_list', 'cases', ['county_id', 'state', 'opened_at'], unique=False)
    op.create_index(op.f('ix_cases_matter_id'), 'cases', ['matter_id'], unique=False)
    op.create_index('ix_cases_newest', 'cases', ['county_id', 'opened_at', 'id'], unique=False)
    op.create_table('matter_keys',
    sa.Column('matter_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_matter_keys_county_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_matter_keys_matter_id')),
    sa.PrimaryKeyConstraint('matter_id', 'key', name=op.f('pk_matter_keys'))
    )
    op.create_index('ix_matter_keys_key', 'matter_keys', ['county_id', 'key', 'seen_at'], unique=False)
    op.create_table('posts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('content_key', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('platform', sa.Text(), nullable=False),
    sa.Column('media_level', sa.Text(), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('gone_at_source_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('triage_state', sa.String(length=12), nullable=False),
    sa.Column('claim_token', sa.Uuid(), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('in_bulk', sa.Boolean(), nullable=False),
    sa.Column('normalised', sa.Text(), nullable=True),
    sa.Column('word_starts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('matter_id', sa.Uuid(), nullable=True),
    sa.Column('decision_id', sa.Uuid(), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_posts_county_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matters.id'], name=op.f('fk_posts_matter_id')),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_posts_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posts')),
    sa.UniqueConstraint('county_id', 'content_key', name=op.f('uq_posts_county_id_content_key')),
    sa.UniqueConstraint('county_id', 'source_id', 'external_id', name=op.f('uq_posts_county_id_source_id_external_id'))
    )
    op.create_index('ix_posts_matter', 'posts', ['county_id', 'matter_id', 'said_at'], unique=False)
    op.create_index('ix_posts_received', 'posts', ['county_id', 'received_at', 'id'], unique=False)
    op.create_index(op.f('ix_posts_source_id'), 'posts', ['source_id'], unique=False)
    op.create_index('ix_posts_triage', 'posts', ['county_id', 'triage_state', 'in_bulk', 'received_at'], unique=False)
    op.create_table('source_runs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('duplicate', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_source_runs_county_id')),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_source_runs_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_runs'))
    )
    op.create_index(op.f('ix_source_runs_source_id'), 'source_runs', ['source_id'], unique=False)
    op.create_table('web_sessions',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_web_sessions_county_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_web_sessions_user_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_web_sessions'))
    )
    op.create_index(op.f('ix_web_sessions_expires_at'), 'web_sessions', ['expires_at'], unique=False)
    op.create_index(op.f('ix_web_sessions_user_id'), 'web_sessions', ['user_id'], unique=False)
    op.create_table('assignments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_for_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_assignments_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_assignments_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignments'))
    )
    op.create_index(op.f('ix_assignments_case_id'), 'assignments', ['case_id'], unique=False)
    op.create_index('ix_assignments_unit', 'assignments', ['county_id', 'unit_code', 'ended_at'], unique=False)
    op.create_index('uq_assignments_one_lead', 'assignments', ['county_id', 'case_id'], unique=True, sqlite_where=sa.text("role = 'lead' AND ended_at IS NULL"), postgresql_where=sa.text("role = 'lead' AND ended_at IS NULL"))
    op.create_table('case_exclusions',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_exclusions_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_case_exclusions_county_id')),
    sa.PrimaryKeyConstraint('case_id', 'unit_code', name=op.f('pk_case_exclusions'))
    )
    op.create_table('case_posts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('joined', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_posts_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_case_posts_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_case_posts_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_posts')),
    sa.UniqueConstraint('county_id', 'post_id', name=op.f('uq_case_posts_county_id_post_id'))
    )
    op.create_index(op.f('ix_case_posts_case_id'), 'case_posts', ['case_id'], unique=False)
    op.create_table('clocks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('grade', sa.Text(), nullable=False),
    sa.Column('limit', sa.Text(), nullable=False),
    sa.Column('night_defer', sa.Boolean(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('policy_version', sa.Text(), nullable=False),
    sa.Column('calendar_version', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_by', sa.Text(), nullable=True),
    sa.Column('next_step_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_clocks_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_clocks_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clocks')),
    sa.UniqueConstraint('county_id', 'case_id', 'unit_code', 'stage', 'round', name=op.f('uq_clocks_county_id_case_id_unit_code_stage_round'))
    )
    op.create_index(op.f('ix_clocks_case_id'), 'clocks', ['case_id'], unique=False)
    op.create_index('ix_clocks_sweep', 'clocks', ['county_id', 'stopped_at', 'next_step_at'], unique=False)
    op.create_table('corrections',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('old', sa.Text(), nullable=False),
    sa.Column('new', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_corrections_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_corrections_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corrections'))
    )
    op.create_index(op.f('ix_corrections_case_id'), 'corrections', ['case_id'], unique=False)
    op.create_table('decisions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pack_ref', sa.Text(), nullable=False),
    sa.Column('model_digest', sa.Text(), nullable=True),
    sa.Column('calendar_version', sa.Text(), nullable=False),
    sa.Column('disposition', sa.Text(), nullable=False),
    sa.Column('grade', sa.Text(), nullable=True),
    sa.Column('demand', sa.Text(), nullable=True),
    sa.Column('topic', sa.Text(), nullable=True),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('confidence', sa.Text(), nullable=False),
    sa.Column('route', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('features', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('context', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('hits', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('findings', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('engine', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_decisions_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_decisions_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    op.create_index(op.f('ix_decisions_post_id'), 'decisions', ['post_id'], unique=False)
    op.create_table('desk_items',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('effect_key', sa.Text(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('reason_zh', sa.Text(), nullable=False),
    sa.Column('reason_en', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Text(), nullable=True),
    sa.Column('resolution', sa.Text(), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_desk_items_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_desk_items_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_desk_items_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_items')),
    sa.UniqueConstraint('county_id', 'effect_key', name=op.f('uq_desk_items_county_id_effect_key'))
    )
    op.create_index(op.f('ix_desk_items_case_id'), 'desk_items', ['case_id'], unique=False)
    op.create_index('ix_desk_items_open', 'desk_items', ['county_id', 'closed_at', 'opened_at'], unique=False)
    op.create_index(op.f('ix_desk_items_post_id'), 'desk_items', ['post_id'], unique=False)
    op.create_table('dismissals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reason_zh', sa.Text(), nullable=False),
    sa.Column('reason_en', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reaudited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reaudit_verdict', sa.Text(), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_dismissals_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_dismissals_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dismissals')),
    sa.UniqueConstraint('county_id', 'post_id', name=op.f('uq_dismissals_county_id_post_id'))
    )
    op.create_table('documents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_documents_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_documents_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('county_id', 'kind', 'number', name=op.f('uq_documents_county_id_kind_number'))
    )
    op.create_index(op.f('ix_documents_case_id'), 'documents', ['case_id'], unique=False)
    op.create_table('events',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_events_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_events_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_events_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )
    op.create_index('ix_events_case', 'events', ['case_id', 'id'], unique=False)
    op.create_index('ix_events_post', 'events', ['post_id', 'id'], unique=False)
    op.create_table('post_identities',
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('alg', sa.Text(), nullable=False),
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.Column('ciphertext', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_post_identities_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_identities_post_id')),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_post_identities'))
    )
    op.create_table('post_metrics',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('observed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reads', sa.BigInteger(), nullable=False),
    sa.Column('likes', sa.BigInteger(), nullable=False),
    sa.Column('comments', sa.BigInteger(), nullable=False),
    sa.Column('shares', sa.BigInteger(), nullable=False),
    sa.Column('on_hot_list', sa.Boolean(), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_post_metrics_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_metrics_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_metrics')),
    sa.UniqueConstraint('county_id', 'post_id', 'observed_at', name=op.f('uq_post_metrics_county_id_post_id_observed_at'))
    )
    op.create_table('pseudonyms',
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('pseudonym_key_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_pseudonyms_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_pseudonyms_post_id')),
    sa.ForeignKeyConstraint(['pseudonym_key_id'], ['pseudonym_keys.id'], name=op.f('fk_pseudonyms_pseudonym_key_id')),
    sa.PrimaryKeyConstraint('post_id', name=op.f('pk_pseudonyms'))
    )
    op.create_table('reaudits',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('post_id', sa.Uuid(), nullable=True),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reaudits_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_reaudits_county_id')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_reaudits_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reaudits'))
    )
    op.create_index(op.f('ix_reaudits_case_id'), 'reaudits', ['case_id'], unique=False)
    op.create_table('replies',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=True),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=True),
    sa.Column('verdict_reason', sa.Text(), nullable=False),
    sa.Column('verdict_by', sa.Text(), nullable=True),
    sa.Column('verdict_desk', sa.Text(), nullable=True),
    sa.Column('verdict_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_replies_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_replies_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_replies')),
    sa.UniqueConstraint('county_id', 'case_id', 'round', name=op.f('uq_replies_county_id_case_id_round'))
    )
    op.create_index(op.f('ix_replies_case_id'), 'replies', ['case_id'], unique=False)
    op.create_table('reports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reports_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_reports_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports'))
    )
    op.create_index(op.f('ix_reports_case_id'), 'reports', ['case_id'], unique=False)
    op.create_table('score_entries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('effect_key', sa.Text(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('pack_ref', sa.Text(), nullable=False),
    sa.Column('clause', sa.Text(), nullable=False),
    sa.Column('failing', sa.Text(), nullable=False),
    sa.Column('points', sa.Numeric(12, 4).with_variant(sa.String(32), 'sqlite'), nullable=False),
    sa.Column('evidence', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('reverses_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('alg', sa.Text(), nullable=False),
    sa.Column('canonical', sa.LargeBinary(), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_score_entries_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_score_entries_county_id')),
    sa.ForeignKeyConstraint(['reverses_id'], ['score_entries.id'], name=op.f('fk_score_entries_reverses_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_entries')),
    sa.UniqueConstraint('county_id', 'effect_key', name=op.f('uq_score_entries_county_id_effect_key')),
    sa.UniqueConstraint('county_id', 'seq', name=op.f('uq_score_entries_county_id_seq')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_score_entries_reverses_id'))
    )
    op.create_index(op.f('ix_score_entries_case_id'), 'score_entries', ['case_id'], unique=False)
    op.create_index('ix_score_entries_unit', 'score_entries', ['county_id', 'unit_code', 'entered_at'], unique=False)
    op.create_table('clock_events',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('clock_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['clock_id'], ['clocks.id'], name=op.f('fk_clock_events_clock_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_clock_events_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_events')),
    sa.UniqueConstraint('county_id', 'clock_id', 'seq', name=op.f('uq_clock_events_county_id_clock_id_seq'))
    )
    op.create_index(op.f('ix_clock_events_clock_id'), 'clock_events', ['clock_id'], unique=False)
    op.create_table('commitments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('reply_id', sa.Uuid(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('met_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('met_by', sa.Text(), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_commitments_case_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_commitments_county_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['replies.id'], name=op.f('fk_commitments_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitments')),
    sa.UniqueConstraint('reply_id', name=op.f('uq_commitments_reply_id'))
    )
    op.create_index(op.f('ix_commitments_case_id'), 'commitments', ['case_id'], unique=False)
    op.create_table('supervision_steps',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('effect_key', sa.Text(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('unit_code', sa.Text(), nullable=False),
    sa.Column('clock_id', sa.Uuid(), nullable=True),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('card', sa.Text(), nullable=True),
    sa.Column('title_zh', sa.Text(), nullable=False),
    sa.Column('title_en', sa.Text(), nullable=False),
    sa.Column('desk', sa.Text(), nullable=False),
    sa.Column('due_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('county_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_supervision_steps_case_id')),
    sa.ForeignKeyConstraint(['clock_id'], ['clocks.id'], name=op.f('fk_supervision_steps_clock_id')),
    sa.ForeignKeyConstraint(['county_id'], ['counties.id'], name=op.f('fk_supervision_steps_county_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_steps')),
    sa.UniqueConstraint('county_id', 'effect_key', name=op.f('uq_supervision_steps_county_id_effect_key'))
    )
    op.create_index(op.f('ix_supervision_steps_case_id'), 'supervision_steps', ['case_id'], unique=False)
    op.create_index(op.f('ix_supervision_steps_unit_code'), 'supervision_steps', ['unit_code'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_supervision_steps_unit_code'), table_name='supervision_steps')
    op.drop_index(op.f('ix_supervision_steps_case_id'), table_name='supervision_steps')
    op.drop_table('supervision_steps')
    op.drop_index(op.f('ix_commitments_case_id'), table_name='commitments')
    op.drop_table('commitments')
    op.drop_index(op.f('ix_clock_events_clock_id'), table_name='clock_events')
    op.drop_table('clock_events')
    op.drop_index('ix_score_entries_unit', table_name='score_entries')
    op.drop_index(op.f('ix_score_entries_case_id'), table_name='score_entries')
    op.drop_table('score_entries')
    op.drop_index(op.f('ix_reports_case_id'), table_name='reports')
    op.drop_table('reports')
    op.drop_index(op.f('ix_replies_case_id'), table_name='replies')
    op.drop_table('replies')
    op.drop_index(op.f('ix_reaudits_case_id'), table_name='reaudits')
    op.drop_table('reaudits')
    op.drop_table('pseudonyms')
    op.drop_table('post_metrics')
    op.drop_table('post_identities')
    op.drop_index('ix_events_post', table_name='events')
    op.drop_index('ix_events_case', table_name='events')
    op.drop_table('events')
    op.drop_index(op.f('ix_documents_case_id'), table_name='documents')
    op.drop_table('documents')
    op.drop_table('dismissals')
    op.drop_index(op.f('ix_desk_items_post_id'), table_name='desk_items')
    op.drop_index('ix_desk_items_open', table_name='desk_items')
    op.drop_index(op.f('ix_desk_items_case_id'), table_name='desk_items')
    op.drop_table('desk_items')
    op.drop_index(op.f('ix_decisions_post_id'), table_name='decisions')
    op.drop_table('decisions')
    op.drop_index(op.f('ix_corrections_case_id'), table_name='corrections')
    op.drop_table('corrections')
    op.drop_index('ix_clocks_sweep', table_name='clocks')
    op.drop_index(op.f('ix_clocks_case_id'), table_name='clocks')
    op.drop_table('clocks')
    op.drop_index(op.f('ix_case_posts_case_id'), table_name='case_posts')
    op.drop_table('case_posts')
    op.drop_table('case_exclusions')
    op.drop_index('uq_assignments_one_lead', table_name='assignments', sqlite_where=sa.text("role = 'lead' AND ended_at IS NULL"), postgresql_where=sa.text("role = 'lead' AND ended_at IS NULL"))
    op.drop_index('ix_assignments_unit', table_name='assignments')
    op.drop_index(op.f('ix_assignments_case_id'), table_name='assignments')
    op.drop_table('assignments')
    op.drop_index(op.f('ix_web_sessions_user_id'), table_name='web_sessions')
    op.drop_index(op.f('ix_web_sessions_expires_at'), table_name='web_sessions')
    op.drop_table('web_sessions')
    op.drop_index(op.f('ix_source_runs_source_id'), table_name='source_runs')
    op.drop_table('source_runs')
    op.drop_index('ix_posts_triage', table_name='posts')
    op.drop_index(op.f('ix_posts_source_id'), table_name='posts')
    op.drop_index('ix_posts_received', table_name='posts')
    op.drop_index('ix_posts_matter', table_name='posts')
    op.drop_table('posts')
    op.drop_index('ix_matter_keys_key', table_name='matter_keys')
    op.drop_table('matter_keys')
    op.drop_index('ix_cases_newest', table_name='cases')
    op.drop_index(op.f('ix_cases_matter_id'), table_name='cases')
    op.drop_index('ix_cases_list', table_name='cases')
    op.drop_index(op.f('ix_cases_lead_unit'), table_name='cases')
    op.drop_index('ix_cases_due', table_name='cases')
    op.drop_index('ix_cases_counts', table_name='cases')
    op.drop_table('cases')
    op.drop_table('api_tokens')
    op.drop_table('users')
    op.drop_table('units')
    op.drop_table('sources')
    op.drop_table('pseudonym_keys')
    op.drop_table('packs')
    op.drop_index(op.f('ix_pack_activations_effective_at'), table_name='pack_activations')
    op.drop_table('pack_activations')
    op.drop_index('ix_outbox_pending', table_name='outbox')
    op.drop_table('outbox')
    op.drop_table('number_series')
    op.drop_index('ix_matters_lookup', table_name='matters')
    op.drop_table('matters')
    op.drop_table('idempotency_keys')
    op.drop_index('ix_audit_log_county_at', table_name='audit_log')
    op.drop_table('audit_log')
    op.drop_table('heartbeats')
    op.drop_table('counties')
