-- A data key for each person, wrapped by a master key that the database never sees: owned by domain/vault.
-- Without the row, nothing that was sealed for this person opens.

create schema vault;

create table vault.data_key (
    user_id       uuid        primary key,
    wrapped       bytea       not null,
    master_key_id text        not null,
    created_at    timestamptz not null,
    wrapped_at    timestamptz not null
);
