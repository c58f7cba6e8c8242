-- Personal tokens for scripts: owned by domain/auth. Of the token only its SHA-256 hash is stored; `token_id` is the
-- handle that a form may carry. The name is whatever its person wrote.
create table auth.api_token (
    user_id      uuid        not null references auth.user on delete cascade,
    token_id     uuid        not null,
    token_hash   bytea       not null check (length(token_hash) = 32),
    name         text        not null check (length(name) between 1 and 64),
    scopes       text[]      not null check (cardinality(scopes) > 0),
    created_at   timestamptz not null,
    last_used_at timestamptz,
    expires_at   timestamptz not null,
    primary key (user_id, token_id),
    constraint api_token_hash_key unique (token_hash)
);
