//! Which rows of a table feeds can hold, as statements that a database answers from an index: first how far back each
//! category is needed, then all that is newer. A superset is fine, since feeds are selected afterwards as from any source;
//! a row that is missing is not. Where no statement says it, the table is read whole, and that is told.

use super::moment::Form;
use super::reach::Reach;
use super::row::{Cells, Scalar, is_list};
use super::{Column, Fault, Kind, Request, Session, Table};
use crate::article::Category;
use crate::vocabulary::FIELDS;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// What to ask a table for.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// What was asked to find out.
    pub(super) asked: Vec<String>,
    /// What brings the rows. One of them may come twice.
    pub(super) rows: Vec<String>,
    pub(super) remarks: Vec<String>,
}

/// Why a table is read whole.
struct Whole(&'static str);

/// What goes wrong while a selection is made: the database, or the table is none that it can be made for.
enum Stop {
    Fault(Fault),
    Whole(Whole),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The names of the tables that there are, as far as they can be had.
fn tables(session: &mut dyn Session) -> Vec<String> {
    let mut cells = Cells::default();
    let statement = session.tables();
    match session.rows(statement, None, &mut cells) {
        Ok(()) => cells.rows.iter().flatten().flatten().map(|name| name.as_str().to_owned()).collect(),
        Err(_) => Vec::new(),
    }
}

/// Finds out what is needed of a table.
pub(super) fn selection(
    session: &mut dyn Session,
    name: &str,
    request: &Request<'_>,
) -> Result<Selection, Fault> {
    let table = match session.table(name) {
        Err(Fault::NoTable(_)) => return Err(Fault::NoTable(tables(session))),
        table => table?,
    };
    let mut selection = Selection::default();
    for column in table.columns.iter().filter(|column| column.kind == Kind::Binary) {
        selection.remarks.push(format!(
            "the column `{}` holds binary data, which no field of an article is; it is left out",
            column.name
        ));
    }
    let columns: Vec<String> = (table.columns.iter())
        .filter(|column| column.kind != Kind::Binary)
        .map(|column| session.quoted(&column.name))
        .collect();
    if columns.is_empty() {
        return Err(Fault::Read("it has no column that can be read".to_owned()));
    }
    let head = format!("SELECT {} FROM {}", columns.join(", "), table.name);
    let mut maker = Maker { session, table: &table, request, asked: Vec::new(), hints: Vec::new() };
    match maker.conditions() {
        Ok(conditions) => {
            selection.rows = conditions.iter().map(|condition| format!("{head} WHERE {condition}")).collect();
        }
        Err(Stop::Whole(Whole(reason))) => {
            selection.remarks.push(format!("the table `{name}` is read whole: {reason}"));
            selection.rows = vec![head];
        }
        Err(Stop::Fault(fault)) => return Err(fault),
    }
    selection.asked = maker.asked;
    selection.remarks.append(&mut maker.hints);
    Ok(selection)
}

/// How many categories a statement names, within what databases take.
const LABELS_A_STATEMENT: usize = 200;

/// How many categories are looked at one by one.
const MOST_LABELS: usize = 2_000;

struct Maker<'a> {
    session: &'a mut dyn Session,
    table: &'a Table,
    request: &'a Request<'a>,
    asked: Vec<String>,
    hints: Vec<String>,
}

/// The column by which rows are the newest.
struct Published {
    /// As it is written in a statement.
    column: String,
    form: Form,
    /// The conditions of rows without one, where there can be such rows.
    undated: Vec<String>,
}

/// From which moment on rows of a category are needed, as the column writes it; `None`: all.
type Since = Option<Scalar>;

impl Maker<'_> {
    /// The conditions of the statements that bring the rows.
    fn conditions(&mut self) -> Result<Vec<String>, Stop> {
        let published = self.published()?;
        let is_public = self.is_public(&published)?;
        let open = Reach::of_all(self.request);
        if open == Reach::All {
            return Err(Whole("a feed of all categories filters by tags, authors or language").into());
        }
        let category = self.category()?;
        let Some((category, may_be_null)) = category else {
            let reach = self.reach_of_unlabelled()?.with(open);
            let since = self.since("", reach, &published, &is_public)?;
            return Ok(vec![self.from(&published, since)]);
        };
        let by_moment = self.leads(&[&published.column]);
        let by_category = self.leads(&[&category, &published.column]);
        if !by_category {
            self.hints.push(format!(
                "an index on ({category}, {}) of {} would spare the database a walk through the table",
                published.column, self.table.name
            ));
        }
        let labels = self.labels(&category)?;
        // The newest of all are among the newest of each category. With an index they are found without it.
        let through_labels = if by_moment { Reach::Nothing } else { open };
        let mut conditions = Vec::new();
        if by_moment && open != Reach::Nothing {
            let since = self.since("", open, &published, &is_public)?;
            conditions.push(self.from(&published, since));
        }
        let mut wanted: Vec<(String, Reach)> = Vec::new();
        for label in labels {
            if is_list(label.as_str()) {
                return Err(Whole("its categories are lists").into());
            }
            let condition = format!("{category} = {}", self.literal(&label));
            let reach = match Category::new(label.as_str()) {
                Some(category) => Reach::of_categories(self.request, &[category.slug]),
                None => self.reach_of_unlabelled()?,
            };
            wanted.push((condition, reach.with(through_labels)));
        }
        if may_be_null {
            let reach = self.reach_of_unlabelled()?.with(through_labels);
            wanted.push((format!("{category} IS NULL"), reach));
        }
        let since = match by_category {
            true => self.since_one_by_one(&wanted, &published, &is_public)?,
            false => self.since_at_once(&category, &wanted, &published, &is_public)?,
        };
        for ((condition, _), since) in wanted.iter().zip(since) {
            let Some(since) = since else {
                conditions.push(condition.clone());
                continue;
            };
            conditions.push(format!("{condition} AND {} >= {}", published.column, self.literal(&since)));
            if by_category && !by_moment {
                // Found in the index, where by themselves they would be looked for in the table.
                conditions
                    .extend(published.undated.iter().map(|undated| format!("{condition} AND {undated}")));
            }
        }
        if by_moment || !by_category {
            conditions.extend(published.undated);
        }
        Ok(conditions
            .chunks(LABELS_A_STATEMENT)
            .map(|some| format!("({})", some.join(")\n   OR (")))
            .collect())
    }

    /// The rows from a moment on, of whatever category.
    fn from(&self, published: &Published, since: Since) -> String {
        let Published { column, undated, .. } = published;
        match since {
            Some(since) => {
                let dated = format!("{column} >= {}", self.literal(&since));
                [vec![dated], undated.clone()].concat().join(" OR ")
            }
            None => "1 = 1".to_owned(),
        }
    }

    /// The columns that are a field, the one that counts first.
    fn columns(&self, field: &str) -> Vec<&Column> {
        let index = FIELDS.iter().position(|known| known.name == field);
        let mut columns: Vec<(usize, &Column)> = Vec::new();
        for column in &self.table.columns {
            let rank = self.request.names.of(&column.name).filter(|(of, _)| Some(*of) == index);
            columns.extend(rank.map(|(_, rank)| rank).min().map(|rank| (rank, column)));
        }
        columns.sort_by_key(|(rank, _)| *rank);
        columns.into_iter().map(|(_, column)| column).collect()
    }

    /// The one column that a field is, if there is one that is never empty behind which others would stand.
    fn column(&self, field: &str, several: &'static str) -> Result<Option<Column>, Stop> {
        match self.columns(field).as_slice() {
            [] => Ok(None),
            [first, ..] if !first.may_be_null => Ok(Some((*first).clone())),
            [only] => Ok(Some((*only).clone())),
            _ => Err(Whole(several).into()),
        }
    }

    fn published(&mut self) -> Result<Published, Stop> {
        let several = "several columns can be date_published; say with `fields` which one is";
        let Some(column) = self.column("date_published", several)? else {
            return Err(Whole("no column is date_published").into());
        };
        let quoted = self.session.quoted(&column.name);
        let form = match column.kind {
            Kind::Moment(form) => Some(form),
            Kind::Truth | Kind::Other | Kind::Binary => None,
            // The greatest is the one by which others are measured.
            Kind::Text | Kind::Number => {
                self.form(&format!("SELECT max({quoted}) FROM {}", self.table.name))?
            }
        };
        let Some(form) = form else {
            return Err(
                Whole("the dates of publication are written in a way that does not sort by time").into()
            );
        };
        let mut undated = Vec::new();
        if column.may_be_null {
            undated.push(format!("{quoted} IS NULL"));
        }
        if column.kind == Kind::Text {
            undated.push(format!("{quoted} = ''"));
        }
        Ok(Published { column: quoted, form, undated })
    }

    /// How the value of a statement writes moments. An empty table has none, and any will do.
    fn form(&mut self, statement: &str) -> Result<Option<Form>, Stop> {
        Ok(match self.first(statement)? {
            Some(value) => Form::of(value.as_str(), matches!(value, Scalar::Number(_))),
            None => Some(Form::LOCAL),
        })
    }

    /// The condition of articles that are public now. It must not take for public what is not: that would stand in the
    /// place of an article.
    fn is_public(&mut self, published: &Published) -> Result<String, Stop> {
        let now = self.moment(published.form, self.request.now);
        let mut conditions = vec![format!("{} <= {now}", published.column)];
        for field in ["draft", "deleted"] {
            for column in self.columns(field) {
                let name = self.session.quoted(&column.name);
                conditions.push(match column.kind {
                    Kind::Truth => format!("NOT coalesce({name}, FALSE)"),
                    Kind::Number => format!("coalesce({name}, 0) = 0"),
                    Kind::Text => {
                        format!("({name} IS NULL OR lower(trim(concat({name}))) NOT IN ({NOT_PUBLIC}))")
                    }
                    Kind::Moment(_) | Kind::Binary | Kind::Other => {
                        return Err(Whole(
                            "a column that is `draft` or `deleted` holds neither text nor a truth value",
                        )
                        .into());
                    }
                });
            }
        }
        let expires: Vec<(String, Kind)> = (self.columns("expires").into_iter())
            .map(|column| (self.session.quoted(&column.name), column.kind))
            .collect();
        for (name, kind) in expires {
            let form = match kind {
                Kind::Moment(form) => Some(form),
                _ => self.form(&format!(
                    "SELECT {name} FROM {} WHERE {name} IS NOT NULL LIMIT 1",
                    self.table.name
                ))?,
            };
            let Some(form) = form else {
                return Err(
                    Whole("the dates of `expires` are written in a way that does not sort by time").into()
                );
            };
            conditions.push(format!("({name} IS NULL OR {name} > {})", self.moment(form, self.request.now)));
        }
        Ok(conditions.join(" AND "))
    }

    /// The column of categories, and whether it may be empty.
    fn category(&self) -> Result<Option<(String, bool)>, Stop> {
        let several = "several columns can be categories; say with `fields` which one is";
        let Some(column) = self.column("categories", several)? else { return Ok(None) };
        match column.kind {
            Kind::Text | Kind::Number => {}
            Kind::Moment(_) | Kind::Truth | Kind::Other | Kind::Binary => {
                return Err(Whole("its categories are lists").into());
            }
        }
        Ok(Some((self.session.quoted(&column.name), column.may_be_null)))
    }

    /// Every label of the column. From an index they are found by steps from one to the next.
    fn labels(&mut self, category: &str) -> Result<Vec<Scalar>, Stop> {
        let table = &self.table.name;
        let statement = match self.leads(&[category]) && !self.session.steps_through_indexes() {
            true => format!(
                "WITH RECURSIVE label (value) AS (\n  SELECT min({category}) FROM {table}\n  UNION ALL\n  \
                 SELECT (SELECT min({category}) FROM {table} WHERE {category} > label.value)\n  \
                 FROM label WHERE label.value IS NOT NULL\n)\nSELECT value FROM label WHERE value IS NOT NULL"
            ),
            false => format!("SELECT DISTINCT {category} FROM {table} WHERE {category} IS NOT NULL"),
        };
        let labels: Vec<Scalar> =
            self.ask(statement)?.into_iter().filter_map(|row| row.into_iter().next()?).collect();
        if labels.len() > MOST_LABELS {
            return Err(Whole("it has more than 2000 categories").into());
        }
        Ok(labels)
    }

    /// From when on each category is needed, a question or two for each.
    fn since_one_by_one(
        &mut self,
        wanted: &[(String, Reach)],
        published: &Published,
        is_public: &str,
    ) -> Result<Vec<Since>, Stop> {
        wanted
            .iter()
            .map(|(condition, reach)| self.since(&format!("{condition} AND "), *reach, published, is_public))
            .collect()
    }

    fn since(
        &mut self,
        condition: &str,
        reach: Reach,
        published: &Published,
        is_public: &str,
    ) -> Result<Since, Stop> {
        let (table, column) = (&self.table.name, &published.column);
        let nth = |n: usize, more: &str| {
            format!(
                "SELECT {column} FROM {table} WHERE {condition}{is_public}{more} ORDER BY {column} DESC LIMIT 1 OFFSET {}",
                n.saturating_sub(1)
            )
        };
        let Reach::Window { limit, hours, most } = reach.or_newest() else { return Ok(None) };
        let by_number = nth(limit, "");
        let newest = nth(1, "");
        let Some(by_number) = self.first(&by_number)? else { return Ok(None) };
        if hours == 0 {
            return Ok(Some(by_number));
        }
        let Some(newest) = self.first(&newest)? else { return Ok(None) };
        let Some(horizon) = self.horizon(&newest, hours, published.form) else { return Ok(None) };
        if is_no_later(&by_number, &horizon) {
            return Ok(Some(by_number));
        }
        // A busy category: what no file can hold is not needed.
        let more = format!(" AND {column} >= {}", self.literal(&horizon));
        let nth = nth(most, &more);
        Ok(Some(self.first(&nth)?.unwrap_or(horizon)))
    }

    /// From when on each category is needed, by one walk through the table.
    fn since_at_once(
        &mut self,
        category: &str,
        wanted: &[(String, Reach)],
        published: &Published,
        is_public: &str,
    ) -> Result<Vec<Since>, Stop> {
        let (table, column) = (&self.table.name, &published.column);
        let mut places: Vec<usize> = vec![1];
        for (_, reach) in wanted {
            if let Reach::Window { limit, most, .. } = reach.or_newest() {
                places.extend([limit, most]);
            }
        }
        places.sort_unstable();
        places.dedup();
        let places: Vec<String> = places.iter().map(usize::to_string).collect();
        let statement = format!(
            "SELECT label, place, moment FROM (\n  SELECT {category} AS label, {column} AS moment,\n         \
             row_number() OVER (PARTITION BY {category} ORDER BY {column} DESC) AS place\n  FROM {table} \
             WHERE {is_public}\n) AS ranked WHERE place IN ({})",
            places.join(", ")
        );
        let mut found: BTreeMap<(String, usize), Scalar> = BTreeMap::new();
        for row in self.ask(statement)? {
            if let [label, Some(place), Some(moment)] = row.as_slice()
                && let Ok(place) = place.as_str().parse()
            {
                let condition = match label {
                    Some(label) => format!("{category} = {}", self.literal(label)),
                    None => format!("{category} IS NULL"),
                };
                found.insert((condition, place), moment.clone());
            }
        }
        let since = wanted.iter().map(|(condition, reach)| {
            let Reach::Window { limit, hours, most } = reach.or_newest() else { return None };
            let at = |place: usize| found.get(&(condition.clone(), place));
            let by_number = at(limit)?;
            let horizon = self.horizon(at(1)?, hours, published.form)?;
            if hours == 0 || is_no_later(by_number, &horizon) {
                return Some(by_number.clone());
            }
            Some(match at(most) {
                Some(at_most) if is_no_later(&horizon, at_most) => at_most.clone(),
                _ => horizon,
            })
        });
        Ok(since.collect())
    }

    /// So many hours before the newest, or somewhat earlier.
    fn horizon(&self, newest: &Scalar, hours: u32, form: Form) -> Option<Scalar> {
        let rules =
            crate::date::Rules { zone: self.request.zone, day_first: self.request.day_first, formats: &[] };
        let newest = match newest {
            Scalar::Number(number) => {
                crate::date::from_number(&serde_json::from_str(number).ok()?, &rules).ok()??
            }
            // What the database writes in UTC without saying so is read as the newspaper's time, and the other way round: a
            // day covers that.
            Scalar::Text(text) => crate::date::parse(text, &rules).ok()??,
        };
        let hours = i64::from(hours) + if form == Form::UTC { 24 } else { 0 };
        let moment = newest.with_timezone(&Utc).checked_sub_signed(TimeDelta::hours(hours))?;
        let written = form.write_no_later(moment, self.request.zone);
        Some(if form.is_number() { Scalar::Number(written) } else { Scalar::Text(written) })
    }

    /// What feeds need of rows that state no category: they have those of the source.
    fn reach_of_unlabelled(&self) -> Result<Reach, Stop> {
        let mut slugs = Vec::new();
        for template in self.request.categories {
            let Ok(label) = template.fill(|_| None) else {
                return Err(Whole("categories are made of the fields of each row").into());
            };
            slugs.extend(Category::new(&label).map(|category| category.slug));
        }
        Ok(Reach::of_categories(self.request, &slugs))
    }

    /// Whether an index begins with these columns, as they are quoted.
    fn leads(&self, columns: &[&str]) -> bool {
        let matches = |index: &&Vec<String>| {
            index.len() >= columns.len()
                && index.iter().zip(columns).all(|(name, column)| self.session.quoted(name) == *column)
        };
        self.table.indexes.iter().any(|index| matches(&index))
    }

    fn literal(&self, value: &Scalar) -> String {
        match value {
            Scalar::Number(number) => number.clone(),
            Scalar::Text(text) => self.session.text(text),
        }
    }

    fn moment(&self, form: Form, moment: DateTime<Utc>) -> String {
        let written = form.write(moment, self.request.zone);
        if form.is_number() { written } else { self.session.text(&written) }
    }

    fn ask(&mut self, statement: String) -> Result<Vec<Vec<Option<Scalar>>>, Fault> {
        let mut cells = Cells::default();
        self.session.rows(&statement, None, &mut cells)?;
        self.asked.push(statement);
        Ok(cells.rows)
    }

    /// The first cell of the first row.
    fn first(&mut self, statement: &str) -> Result<Option<Scalar>, Fault> {
        let rows = self.ask(statement.to_owned())?;
        Ok(rows.into_iter().next().and_then(|row| row.into_iter().next()).flatten())
    }
}

impl From<Whole> for Stop {
    fn from(whole: Whole) -> Self {
        Self::Whole(whole)
    }
}

/// Whether a moment of the column is no later than another one.
fn is_no_later(one: &Scalar, other: &Scalar) -> bool {
    match (one, other) {
        (Scalar::Number(one), Scalar::Number(other)) => match (one.parse::<f64>(), other.parse::<f64>()) {
            (Ok(one), Ok(other)) => one <= other,
            _ => false,
        },
        // A space comes before a T: whichever of the two stands between date and time, the date decides, or nearly so.
        _ => one.as_str().replace('T', " ") <= other.as_str().replace('T', " "),
    }
}

/// What publishing systems call an article that is not public, as [`crate::vocabulary`] has it, and what is true in text.
const NOT_PUBLIC: &str =
    "'draft', 'pending', 'private', 'trash', 'auto-draft', 'unpublished', 'archived', 'true', 'yes', '1'";
