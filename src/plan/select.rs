//! Selectors of HTML, with their mistakes.

use super::*;

impl Planner<'_> {
    pub(super) fn select(&mut self, select: &config::Select) -> Select {
        let config::Select { item, title, url, summary, content, author, category, tags, date, image } =
            select;
        let mut picks = |name: &str, words: &Option<Spanned<Words>>| {
            let Some(words) = words else { return Vec::new() };
            if words.get_ref().0.is_empty() {
                let help = "a CSS selector: `h3 a`, or `a@href` for an attribute".to_owned();
                self.mistake(words.span(), format!("`select.{name}` is empty"), Some(help));
            }
            let list = words.get_ref().0.iter();
            list.filter_map(|word| self.pick(&format!("select.{name}"), word, words.span())).collect()
        };
        Select {
            item: picks("item", item),
            title: picks("title", title),
            url: picks("url", url),
            summary: picks("summary", summary),
            content: picks("content", content),
            author: picks("author", author),
            category: picks("category", category),
            tags: picks("tags", tags),
            date: picks("date", date),
            image: picks("image", image),
        }
    }

    pub(super) fn pick(&mut self, name: &str, word: &str, span: Span) -> Option<Pick> {
        match Pick::parse(word) {
            Ok(pick) => Some(pick),
            Err(reason) => {
                let help = "such as `div.entry > p`, or `a@href` for an attribute".to_owned();
                self.mistake(span, format!("`{name}` is no CSS selector: {reason}"), Some(help));
                None
            }
        }
    }
}
