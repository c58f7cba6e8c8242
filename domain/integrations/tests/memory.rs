//! Ten thousand tasks stream by without being held.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use integrations::{Access, CANDIDATES, Freshness, Integrations, TodoistConfig, Tokens};
use kernel::{Clock, Entropy, ManualClock, UserId, http::Http};
use profile::Consent;
use sqlx::PgPool;
use testkit::todoist::{CLIENT_ID, CLIENT_SECRET, TodoistDouble};
use url::Url;
use uuid::Uuid;
use vault::{MasterKeys, Vault};

const USER: UserId = UserId(Uuid::from_u128(0xA11A));
const MIB: usize = 1024 * 1024;

/// Counts what is held, and the most that ever was.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[expect(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: it hands everything on to the system's allocator, unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(held, Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The double's own work is counted too: it is in the same process.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn ten_thousand_tasks_take_less_than_twenty_mebibytes(db: PgPool) {
    let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap());
    let double = TodoistDouble::start("127.0.0.1:0".parse().unwrap(), clock.clone()).await.unwrap();
    let account = double.handle().account();
    double.handle().add_synthetic(&account, 10_000, &"a rather long title ".repeat(10));

    sqlx::query("insert into auth.user (user_id, created_at) values ($1, now())")
        .bind(USER.uuid())
        .execute(&db)
        .await
        .unwrap();

    let entropy = Entropy::from_os().unwrap();
    let vault = Arc::new(Vault::new(MasterKeys::random(&entropy), clock.clone(), entropy.clone()));
    let origin = Url::parse(&double.base_url()).unwrap();
    let config = TodoistConfig::at(&origin, CLIENT_ID, CLIENT_SECRET.into()).unwrap();
    let http = Http::new([&origin].into_iter().collect()).unwrap();
    let answers = Consent::ALL.map(|consent| (consent, true));
    profile::decide(&db, USER, &answers, clock.now()).await.unwrap();
    let integrations = Integrations::new(db, vault, config, http, clock, entropy);
    let token = double.handle().api_token(&account).unwrap();
    let tokens =
        Tokens { access: token.into(), refresh: None, expires_at: None, scope: Access::Read };
    integrations.connect_with_tokens(USER, tokens).await.unwrap();

    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let list = integrations.tasks(USER, Freshness::Within(Duration::ZERO)).await.unwrap();
    let (peak, after) = (PEAK.load(Ordering::Relaxed) - before, HELD.load(Ordering::Relaxed));
    let kept = after.saturating_sub(before);
    println!("peak {} KiB, kept {} KiB", peak / 1024, kept / 1024);

    assert_eq!((list.tasks.len(), list.seen), (CANDIDATES, 10_000));
    assert!(peak < 20 * MIB, "peak: {peak} bytes");
    assert!(kept < 2 * MIB, "kept: {kept} bytes");
}
