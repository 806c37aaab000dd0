//! What the fuzz targets share: a context that wakes every rule, and feeds built in memory from records.

use bantin::check::{Context, PROFILES, Severity, check};
use bantin::config;
use bantin::edition::{self, Edition, Recall};
use bantin::gather::{GatherError, Gathered, Progress, Silent};
use bantin::plan::Plan;
use bantin::state::{LedgerError, Memory};
use chrono::{DateTime, Utc};

/// A moment after every date of the seeds.
const NOW: i64 = 1_795_255_200;

/// Everything that can be known of a document, so that every rule is asked.
pub fn context() -> Context {
    Context {
        address: Some("https://bao.example/feeds/tin-moi/rss.xml".to_owned()),
        content_type: None,
        now: Some(NOW),
        profiles: PROFILES.iter().collect(),
        ..Context::default()
    }
}

/// Fails where a document has a finding that is an error.
pub fn must_be_right(what: &str, document: &[u8], context: &Context) {
    let report = check(document, context);
    if let Some(finding) = report.findings.iter().find(|finding| finding.severity == Severity::Error) {
        panic!("{what}: {finding:?}\n{}", String::from_utf8_lossy(document));
    }
}

/// No earlier run.
struct Nothing;

impl Recall for Nothing {
    fn recall(&self, _: &str) -> Result<Option<Memory>, LedgerError> {
        Ok(None)
    }
}

/// The feeds.toml of the targets that build.
pub const CONFIG: &str = r#"
[site]
title = "Báo <Thử> & ]]>"
url = "https://bao.example/"
language = "vi"
timezone = "Asia/Ho_Chi_Minh"
author = { name = "Toà soạn", email = "toasoan@example.vn" }
[output]
url = "https://bao.example/feeds/"
limit = 3
hours = 5
[[source]]
path = "articles.jsonl"
[[feed]]
title = "Tin mới"
slug = "tin-moi"
[[feed]]
title = "Thời sự"
"#;

/// Takes the sources in, one way or the other.
pub type Way = fn(&Plan, &(dyn Recall + Sync), DateTime<Utc>, &dyn Progress) -> Result<Gathered, GatherError>;

/// A folder with articles.
pub struct Site {
    plan: Plan,
    _folder: tempfile::TempDir,
}

impl Site {
    /// A site whose articles are these lines of JSON.
    pub fn new(articles: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("articles.jsonl"), articles).expect("the articles written");
        let config = config::parse(CONFIG).expect("the configuration");
        let plan = Plan::new(config, folder.path(), None).expect("the configuration's meaning");
        Self { plan, _folder: folder }
    }

    /// Makes its feeds, without writing any.
    pub fn built(&self, way: Way) -> (Gathered, Edition) {
        let now = DateTime::from_timestamp(NOW, 0).expect("a moment");
        let gathered = way(&self.plan, &Nothing, now, &Silent).expect("the articles gathered");
        let edition = edition::make(&self.plan, &gathered, &Nothing, now).expect("the feeds made");
        (gathered, edition)
    }
}
