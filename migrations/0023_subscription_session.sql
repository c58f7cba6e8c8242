-- A browser that is signed out from elsewhere is not spoken to any more. Owned by domain/notifier.

alter table notifier.subscription
    -- Where it is signed in, as domain/auth numbers it; none, where that is not known, and for a mailbox.
    add column session_id uuid;
