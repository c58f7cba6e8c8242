-- What other choosers would have done at a moment, beside what was drawn: owned by domain/notifier.

-- Each by its name, with the probability of speaking; none, where no history is kept.
alter table notifier.decision add column shadows jsonb;
