-- How often somebody tried to sign in or to connect, within a window that ends: owned by domain/auth. Nobody is
-- known yet where most of it is counted, so no person leads the key: it is the SHA-256 hash of what was tried and of
-- who tried it.
create table auth.attempt (
    attempt_hash bytea       primary key check (length(attempt_hash) = 32),
    counted      integer     not null check (counted > 0),
    expires_at   timestamptz not null
);
