//! Tables for people: columns as wide as their cells, numbers to the right.

use super::output::{DIM, paint};
use unicode_width::UnicodeWidthStr;

/// Where a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A table of cells, which may be styled.
#[derive(Debug, Default)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn column(mut self, head: &str, align: Align) -> Self {
        self.columns.push((head.to_owned(), align));
        self
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table's lines.
    pub fn render(&self) -> String {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                cells(column).map(|cell| width(cell)).max().unwrap_or(0).max(width(&self.columns[column].0))
            })
            .collect();
        let heads: Vec<String> = self.columns.iter().map(|(head, _)| paint(DIM, head)).collect();
        let mut text = String::new();
        for row in std::iter::once(&heads).chain(&self.rows) {
            let mut line = String::new();
            for ((cell, width_of_column), (_, align)) in row.iter().zip(&widths).zip(&self.columns) {
                let space = " ".repeat(width_of_column.saturating_sub(width(cell)));
                match align {
                    Align::Left => line.extend([cell.as_str(), &space, "  "]),
                    Align::Right => line.extend([space.as_str(), cell, "  "]),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// The columns of a terminal that text takes, styles aside.
fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::default().column("Feed", Align::Left).column("Entries", Align::Right);
        table.row(vec!["Thời sự".into(), "7".into()]);
        table.row(vec![paint(DIM, "天气"), "12".into()]);
        let plain = anstream::adapter::strip_str(&table.render()).to_string();
        assert_eq!(plain, "Feed     Entries\nThời sự        7\n天气          12\n");
    }
}
