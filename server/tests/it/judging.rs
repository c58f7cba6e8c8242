//! `oo lab judge`, as it is asked at the terminal.

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use kernel::SystemClock;
use sqlx::PgPool;
use testkit::llm::{API_KEY, Fault, FaultRule, LlmDouble};

use crate::{
    binary::{oo, told},
    house::{database_url, name},
};

struct Terminal {
    llm: LlmDouble,
    folder: PathBuf,
    variables: Vec<(&'static str, String)>,
}

impl Terminal {
    async fn new(name: &str) -> Self {
        let addr = SocketAddr::from(([127, 0, 0, 1], 0));
        let llm = LlmDouble::start(addr, Arc::new(SystemClock)).await.unwrap();
        let folder = std::env::temp_dir().join(format!("oo-judging-{name}"));
        let variables = vec![
            ("LITELLM_BASE_URL", llm.base_url()),
            ("LITELLM_API_KEY", API_KEY.to_owned()),
            ("OO_DATA_DIR", folder.to_string_lossy().into_owned()),
        ];
        Self { llm, folder, variables }
    }

    /// What the command tells, and whether it went well.
    async fn judge(&self, arguments: &[&str]) -> Result<String, String> {
        let all: Vec<&str> = ["lab", "judge", "--rounds", "1", "--prompts", "calm-1"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let variables = self.variables.iter().map(|(name, value)| (*name, value.as_str()));
        let output = oo(&all, &variables.collect::<Vec<_>>()).output().await.unwrap();
        let answer = String::from_utf8(output.stdout.clone()).unwrap();
        if output.status.success() { Ok(answer) } else { Err(answer + &told(&output)) }
    }

    async fn close(self) {
        fs::remove_dir_all(&self.folder).unwrap();
        self.llm.stop().await;
    }
}

#[tokio::test]
async fn it_says_what_it_costs_and_asks_nothing_twice() {
    let mut terminal = Terminal::new(&std::process::id().to_string()).await;
    let alone = ["--without-people"];
    let refused = terminal.judge(&alone).await.unwrap_err();
    assert!(refused.contains("questions  36, and 0 that were answered before"), "{refused}");
    assert!(refused.contains("unknown: name prices with --price-in and --price-out"), "{refused}");
    assert!(refused.contains("--yes lets it ask 36 questions"), "{refused}");
    let priced = ["--without-people", "--price-in", "1", "--price-out", "1000"];
    let refused = terminal.judge(&priced).await.unwrap_err();
    // Eighteen answers of 700 tokens, and as many of 1500.
    assert!(refused.contains("cost       39.6") && refused.contains("at the most"), "{refused}");
    assert!(terminal.llm.handle().requests().is_empty());

    terminal.llm.handle().inject(FaultRule::next(1, Fault::Unauthorized));
    let yes = ["--without-people", "--yes"];
    let refused = terminal.judge(&yes).await.unwrap_err();
    assert!(refused.contains("status 401") && refused.contains("goes on from there"), "{refused}");

    let table = terminal.judge(&yes).await.unwrap();
    assert!(table.contains("\nlibrary          all            72       0     72  0."), "{table}");
    assert!(terminal.folder.join("judge").is_dir());
    let again = terminal.judge(&alone).await.unwrap();
    assert!(table.ends_with(&again) && again.starts_with("source"), "{again}");
    assert_eq!(terminal.llm.handle().requests().len(), 37);

    terminal.variables.retain(|(name, _)| !name.starts_with("LITELLM"));
    assert_eq!(terminal.judge(&alone).await.unwrap(), again, "nobody needs to be there");
    let refused = terminal.judge(&["--without-people", "--seed", "1"]).await.unwrap_err();
    assert!(refused.contains("LITELLM_BASE_URL is not set"), "{refused}");
    terminal.close().await;
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn people_are_read_from_the_database(db: PgPool) {
    let mut terminal = Terminal::new(&name(&db)).await;
    terminal.variables.push(("DATABASE_URL", database_url(&db)));
    let table = terminal.judge(&["--yes"]).await.unwrap();
    assert!(table.contains("Agreement with people: 0 answers of 0: not enough data"), "{table}");
    terminal.close().await;
}
