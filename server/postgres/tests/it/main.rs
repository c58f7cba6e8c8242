//! Against the real binaries. Each test has a folder of its own; none sleeps.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests, which clippy cannot see")]

mod exec;
mod folders;
mod killed;
mod lasting;
mod support;
