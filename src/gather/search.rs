//! Articles looked for among any number: every record is read in full, and only what is looked for is kept.

use super::plain::{Said, every};
use super::{Articles, GatherError, Progress, Withdrawn};
use crate::article::Article;
use crate::plan::Plan;
use std::collections::HashMap;
use std::sync::Arc;

/// What a search came to.
#[derive(Debug, Default)]
pub struct Found {
    /// Articles that are wanted.
    pub articles: Articles,
    /// By id: withdrawn articles that were wanted before, or whose ids are.
    pub withdrawn: HashMap<String, Withdrawn>,
}

/// Looks for the articles that are wanted, by what they say or by their ids. `others` is told of every record of another
/// article, of those that are withdrawn no more than the key.
pub fn search(
    plan: &Plan,
    progress: &dyn Progress,
    is_wanted: impl Fn(&Article) -> bool,
    is_wanted_id: impl Fn(&str) -> bool,
    mut others: impl FnMut(&str, Option<&Article>),
) -> Result<Found, GatherError> {
    let mut found = Found::default();
    every(plan, progress, &mut |said| match said {
        Said::Article(article) => {
            found.withdrawn.remove(&article.id);
            if is_wanted(&article) {
                found.articles.insert(article.id.clone(), Arc::from(article));
            } else {
                found.articles.remove(&article.id);
                others(&article.key, Some(&article));
            }
        }
        Said::Withdrawn { id, key } => {
            let article = found.articles.remove(&id);
            if article.is_some() || is_wanted_id(&id) {
                Withdrawn::note(&mut found.withdrawn, id, key, article);
            } else {
                others(&key, None);
            }
        }
        Said::LeftOut(_) | Said::Unreadable(_) | Said::PassedOver => {}
    })?;
    Ok(found)
}
