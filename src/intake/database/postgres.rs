//! PostgreSQL: rows are streamed as the server finds them, and the server itself writes as JSON what is not plain.
//!
//! Specification: [the frontend/backend protocol](https://www.postgresql.org/docs/current/protocol.html) by
//! tokio-postgres.

use super::deadline::Deadline;
use super::moment::Form;
use super::row::{Cell, Take};
use super::{Column, Fault, Kind, Session, Table, placeholder, tls};
use crate::database_url::{self, TlsMode};
use futures_util::TryStreamExt;
use std::collections::BTreeMap;
use std::future::Future;
use tokio::runtime::Runtime;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use tokio_postgres::{Client, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

pub(super) struct Postgres {
    // Let go of before the runtime that it runs on.
    client: Client,
    runtime: Runtime,
    deadline: Deadline,
}

/// What every session begins with. The texts of dates are those of ISO 8601, in UTC where they have a zone.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; \
    SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL standard_conforming_strings = on";

impl Postgres {
    pub(super) fn open(server: &database_url::Postgres, deadline: Deadline) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::Connect(error.to_string()))?;
        let mut config = server.config.clone();
        config.ssl_mode(match server.tls.mode {
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
        });
        if config.get_application_name().is_none() {
            config.application_name("bantin");
        }
        let connecting = config.get_connect_timeout().copied().unwrap_or(deadline.connecting());
        let connecting = connecting.min(deadline.connecting());
        config.connect_timeout(connecting);
        let failed = |error: tokio_postgres::Error| {
            let insecure = tls::explained(&error, &server.tls, "`sslrootcert=ca.pem`");
            Fault::Connect(insecure.unwrap_or_else(|| said(&error)))
        };
        let connect = async {
            // Over a socket of the same machine there is nothing to encrypt.
            if server.tls.mode == TlsMode::Disable || is_local(&config) {
                config.ssl_mode(SslMode::Disable);
                let (client, connection) = config.connect(NoTls).await.map_err(failed)?;
                tokio::spawn(connection);
                return Ok(client);
            }
            let tls = MakeRustlsConnect::new(tls::client(&server.tls).map_err(Fault::Connect)?);
            let (client, connection) = config.connect(tls).await.map_err(failed)?;
            tokio::spawn(connection);
            Ok(client)
        };
        let client = runtime
            .block_on(async { tokio::time::timeout(connecting, connect).await })
            .map_err(|_| Fault::Connect("it does not answer".to_owned()))??;
        let session = Self { client, runtime, deadline };
        // The server gives up by itself too, so that nothing goes on there for nobody.
        let limit = deadline.left().as_millis().clamp(1, 2_000_000_000);
        session
            .wait(session.client.batch_execute(&format!("{BEGIN}; SET LOCAL statement_timeout = {limit}")))?;
        Ok(session)
    }

    /// Waits for an answer, but no longer than to the end.
    fn wait<T>(&self, answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, Fault> {
        let left = self.deadline.left();
        match self.runtime.block_on(async { tokio::time::timeout(left, answer).await }) {
            Ok(answer) => answer.map_err(fault),
            Err(_) => Err(Fault::TookTooLong),
        }
    }
}

fn is_local(config: &tokio_postgres::Config) -> bool {
    let is_socket = |host: &tokio_postgres::config::Host| match host {
        tokio_postgres::config::Host::Tcp(_) => false,
        #[cfg(unix)]
        tokio_postgres::config::Host::Unix(_) => true,
    };
    !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_socket)
}

fn fault(error: tokio_postgres::Error) -> Fault {
    match error.code() {
        Some(code) if *code == tokio_postgres::error::SqlState::QUERY_CANCELED => Fault::TookTooLong,
        _ => Fault::Read(said(&error)),
    }
}

/// What the server says, or the system.
fn said(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        let hint = error.hint().map_or_else(String::new, |hint| format!(" ({hint})"));
        return format!("{}{hint}", error.message());
    }
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = error.source();
    }
    said
}

impl Session for Postgres {
    fn table(&mut self, name: &str) -> Result<Table, Fault> {
        let find = "SELECT coalesce(to_regclass($1), to_regclass($2))::oid, \
                    coalesce(to_regclass($1), to_regclass($2))::text";
        // As it is written first: newsrooms write `Articles` and mean it.
        let exact: Vec<String> = name.split('.').map(|part| self.quoted(part)).collect();
        let exact = exact.join(".");
        let found =
            self.wait(self.client.query_typed(find, &[(&exact.as_str(), Type::TEXT), (&name, Type::TEXT)]));
        // A name that is none in SQL is that of no table.
        let found = found.map_err(|fault| {
            if matches!(fault, Fault::Read(_)) { Fault::NoTable(Vec::new()) } else { fault }
        })?;
        let (oid, written) = match found.first().map(|row| (row.try_get(0), row.try_get(1))) {
            Some((Ok(Some(oid)), Ok(Some(written)))) => (oid, written),
            _ => return Err(Fault::NoTable(Vec::new())),
        };
        let oid: u32 = oid;
        let columns = self.wait(self.client.query_typed(
            "SELECT attname::text, coalesce(nullif(typbasetype, 0), atttypid)::oid, NOT attnotnull, typtype::text \
             FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid \
             WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            &[(&oid, Type::OID)],
        ))?;
        let mut table = Table { name: written, ..Table::default() };
        for row in columns {
            let read = || -> Result<Column, tokio_postgres::Error> {
                let (name, kind, may_be_null): (String, u32, bool) =
                    (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
                let is_enum = row.try_get::<_, String>(3)? == "e";
                Ok(Column { name, kind: if is_enum { Kind::Text } else { kind_of(kind) }, may_be_null })
            };
            table.columns.push(read().map_err(fault)?);
        }
        let members = self.wait(self.client.query_typed(
            "SELECT indexrelid::text, attname::text FROM pg_index, \
             unnest(indkey::int2[]) WITH ORDINALITY AS key (number, place) \
             JOIN pg_attribute ON attnum = key.number \
             WHERE indrelid = $1 AND attrelid = $1 AND indpred IS NULL AND indisvalid ORDER BY 1, place",
            &[(&oid, Type::OID)],
        ))?;
        let mut indexes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in members {
            let (index, column): (String, String) =
                (row.try_get(0).map_err(fault)?, row.try_get(1).map_err(fault)?);
            indexes.entry(index).or_default().push(column);
        }
        table.indexes = indexes.into_values().collect();
        Ok(table)
    }

    fn tables(&self) -> &'static str {
        "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(oid) \
         AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') \
         AND has_table_privilege(oid, 'SELECT') ORDER BY 1 LIMIT 20"
    }

    fn rows(&mut self, statement: &str, since: Option<&str>, take: &mut dyn Take) -> Result<(), Fault> {
        let has_since = placeholder::has_since(statement);
        let statement = placeholder::with_since(statement, "$1");
        let asked = self.wait(self.client.prepare(&statement))?;
        if asked.columns().is_empty() {
            return Err(Fault::Read("the statement does not ask for rows".to_owned()));
        }
        let names: Vec<&str> = asked.columns().iter().map(|column| column.name()).collect();
        take.columns(&names)?;
        let ways: Vec<Way> = asked.columns().iter().map(|column| Way::of(column.type_())).collect();
        let cells: Vec<String> = (ways.iter().zip(&names))
            .map(|(way, name)| {
                let name = self.quoted(name);
                match way {
                    Way::Text | Way::Number => format!("q.{name}::text"),
                    Way::Json => format!("to_json(q.{name})::text"),
                    Way::Binary => "NULL::text".to_owned(),
                }
            })
            .collect();
        let since = Since(since);
        let parameters: &[&(dyn ToSql + Sync)] = if has_since { &[&since] } else { &[] };
        let wrapped = format!("SELECT {} FROM (\n{statement}\n) AS q", cells.join(", "));
        let prepared = self.wait(self.client.prepare(&wrapped))?;
        // One wait for all rows: the clock is asked when the server lets wait, not for every row.
        let bringing = async {
            let rows = self.client.query_raw(&prepared, parameters.iter().copied()).await.map_err(fault)?;
            let mut rows = std::pin::pin!(rows);
            while let Some(row) = rows.try_next().await.map_err(fault)? {
                for (index, way) in ways.iter().enumerate() {
                    let text: Option<Utf8<'_>> = row.try_get(index).map_err(fault)?;
                    take.cell(index, cell(*way, text));
                }
                take.end()?;
            }
            Ok(())
        };
        let left = self.deadline.left();
        let brought = self.runtime.block_on(async { tokio::time::timeout(left, bringing).await });
        brought.unwrap_or(Err(Fault::TookTooLong))
    }

    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn cell(way: Way, text: Option<Utf8<'_>>) -> Cell<'_> {
    match (way, text) {
        (Way::Binary, _) => Cell::Binary,
        (_, None) => Cell::Null,
        (Way::Text, Some(Utf8(text))) => Cell::Text(text),
        (Way::Json, Some(Utf8(json))) => Cell::Json(json),
        // NaN and infinities are numbers to the server, and none to JSON.
        (Way::Number, Some(Utf8(number))) if number.ends_with(|c: char| c.is_ascii_digit()) => {
            Cell::Json(number)
        }
        (Way::Number, Some(_)) => Cell::Null,
    }
}

/// A text, held against UTF-8 faster than the driver does: of long articles that is most of the work.
struct Utf8<'a>(&'a str);

impl<'a> FromSql<'a> for Utf8<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(simdutf8::basic::from_utf8(raw)?))
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::TEXT
    }
}

/// How a column is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Text,
    /// The server's text is a number in JSON as well.
    Number,
    /// What the server makes of it in JSON: dates, arrays, truth values, whatever else there is.
    Json,
    Binary,
}

impl Way {
    fn of(kind: &Type) -> Self {
        match *kind {
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UUID => Self::Text,
            Type::INT2 | Type::INT4 | Type::INT8 | Type::NUMERIC | Type::FLOAT4 | Type::FLOAT8 => {
                Self::Number
            }
            Type::BYTEA | Type::BYTEA_ARRAY => Self::Binary,
            _ => Self::Json,
        }
    }
}

/// What a column of that type holds.
fn kind_of(oid: u32) -> Kind {
    match Type::from_oid(oid) {
        Some(Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME) => Kind::Text,
        Some(Type::INT2 | Type::INT4 | Type::INT8 | Type::NUMERIC | Type::FLOAT4 | Type::FLOAT8) => {
            Kind::Number
        }
        Some(Type::BOOL) => Kind::Truth,
        Some(Type::TIMESTAMPTZ) => Kind::Moment(Form::INSTANT),
        Some(Type::TIMESTAMP) => Kind::Moment(Form::LOCAL),
        Some(Type::DATE) => Kind::Moment(Form::Date),
        Some(Type::BYTEA) => Kind::Binary,
        _ => Kind::Other,
    }
}

/// The value of `:since`, of which the server says what type it has, and reads the text.
#[derive(Debug)]
struct Since<'a>(Option<&'a str>);

impl ToSql for Since<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let first = match kind_of(kind.oid()) {
            Kind::Number => "0",
            _ => "1970-01-01 00:00:00+00",
        };
        out.extend_from_slice(self.0.unwrap_or(first).as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}
