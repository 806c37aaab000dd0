//! MySQL and MariaDB: rows are read from the connection as the server sends them.
//!
//! Specification: [the client/server protocol](https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html) by
//! the mysql crate.

use super::deadline::Deadline;
use super::moment::Form;
use super::row::{Cell, Cells, Scalar, Take};
use super::{Column, Fault, Kind, Session, Table, placeholder, tls};
use crate::database_url::{self, TlsMode};
use mysql::consts::{ColumnFlags, ColumnType};
use mysql::prelude::Queryable;
use mysql::{Conn, DriverError, Error, OptsBuilder, SslOpts, Value};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::Duration;

pub(super) struct Mysql {
    connection: Conn,
    deadline: Deadline,
}

/// What every session begins with: moments are written in UTC, and all rows are those of one moment.
const BEGIN: [&str; 3] = [
    "SET time_zone = '+00:00'",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
];

/// The character set of bytes that are no text.
const BINARY: u16 = 63;

impl Mysql {
    pub(super) fn open(server: &database_url::Mysql, deadline: Deadline) -> Result<Self, Fault> {
        let options = |tls: Option<SslOpts>| {
            OptsBuilder::new()
                .ip_or_hostname(Some(server.host.clone()))
                .tcp_port(server.port)
                .socket(server.socket.clone())
                .prefer_socket(false)
                .user(server.user.clone())
                .pass(server.password.clone())
                .db_name(server.database.clone())
                .tcp_connect_timeout(Some(deadline.connecting()))
                .read_timeout(Some(deadline.left().max(deadline.connecting()) + GRACE))
                .write_timeout(Some(deadline.left().max(deadline.connecting())))
                .stmt_cache_size(0)
                .ssl_opts(tls)
        };
        let mode = server.tls.mode;
        // The driver would not say which file it is that it cannot read.
        if let Some(path) = &server.tls.roots {
            tls::roots(path).map_err(|error| Fault::Connect(error.to_string()))?;
        }
        // Over a socket of the same machine there is nothing to encrypt.
        let tls = (mode != TlsMode::Disable && server.socket.is_none()).then(|| {
            SslOpts::default()
                .with_root_cert_path(server.tls.roots.clone())
                .with_danger_accept_invalid_certs(mode < TlsMode::VerifyCa)
                .with_danger_skip_domain_validation(mode < TlsMode::VerifyFull)
        });
        let encrypted = tls.is_some();
        let connection = match Conn::new(options(tls)) {
            Err(Error::DriverError(DriverError::TlsNotSupported)) if encrypted && mode == TlsMode::Prefer => {
                Conn::new(options(None))
            }
            other => other,
        };
        let connection = connection.map_err(|error| {
            if let Some(insecure) = tls::explained(cause(&error), &server.tls, "`ssl-ca=ca.pem`") {
                return Fault::Connect(insecure);
            }
            match fault(error) {
                Fault::Read(reason) => Fault::Connect(reason),
                other => other,
            }
        })?;
        let mut session = Self { connection, deadline };
        for statement in BEGIN {
            session.connection.query_drop(statement).map_err(fault)?;
        }
        // The server gives up by itself too. What it is called depends on whose server it is: the other one does not know it.
        let left = deadline.left();
        let seconds = format!("SET SESSION max_statement_time = {}", left.as_secs_f64().max(0.001));
        if session.connection.query_drop(seconds).is_err() {
            let milliseconds = left.as_millis().clamp(1, 4_000_000_000);
            let limit = format!("SET SESSION max_execution_time = {milliseconds}");
            // Servers older than both have no such limit; the deadline is looked at here as well.
            if let Err(error) = session.connection.query_drop(limit) {
                log::debug!("the server takes no time limit: {}", said(&error));
            }
        }
        Ok(session)
    }

    fn catalogue(&mut self, statement: &str) -> Result<Vec<Vec<String>>, Fault> {
        let mut cells = Cells::default();
        self.rows(statement, None, &mut cells)?;
        let text = |cell: Option<Scalar>| cell.map(|cell| cell.as_str().to_owned()).unwrap_or_default();
        Ok(cells.rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect())
    }
}

fn said(error: &Error) -> String {
    match error {
        Error::MySqlError(error) => error.message.clone(),
        Error::DriverError(error) => error.to_string(),
        other => of_system(other).map_or_else(|| other.to_string(), ToString::to_string),
    }
}

/// What stands behind an error; the driver does not tell it as others do.
fn cause(error: &Error) -> &(dyn std::error::Error + 'static) {
    match error {
        Error::IoError(cause) => cause,
        Error::TlsError(cause) => cause,
        Error::CodecError(cause) => cause,
        other => other,
    }
}

/// The error of the system that one is.
fn of_system(error: &Error) -> Option<&std::io::Error> {
    let cause = cause(error);
    cause.downcast_ref().or_else(|| cause.source()?.downcast_ref())
}

/// So much longer than a statement may take is its answer waited for: the server ends it, and says so.
const GRACE: Duration = Duration::from_secs(5);

/// The server's numbers for a statement that took too long: MySQL's, and MariaDB's.
const TOOK_TOO_LONG: [u16; 2] = [3024, 1969];

fn fault(error: Error) -> Fault {
    match &error {
        Error::MySqlError(said) if TOOK_TOO_LONG.contains(&said.code) => Fault::TookTooLong,
        other if of_system(other).is_some_and(is_time_out) => Fault::TookTooLong,
        _ => Fault::Read(said(&error)),
    }
}

fn is_time_out(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

impl Session for Mysql {
    fn table(&mut self, name: &str) -> Result<Table, Fault> {
        let (schema, table) = match name.split_once('.') {
            Some((schema, table)) => (self.text(schema), table),
            None => ("DATABASE()".to_owned(), name),
        };
        let of_table = format!("TABLE_SCHEMA = {schema} AND TABLE_NAME = {}", self.text(table));
        let columns = self.catalogue(&format!(
            "SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE FROM information_schema.COLUMNS WHERE {of_table} \
             ORDER BY ORDINAL_POSITION"
        ))?;
        if columns.is_empty() {
            return Err(Fault::NoTable(Vec::new()));
        }
        let members = self.catalogue(&format!(
            "SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE {of_table} \
             AND INDEX_TYPE = 'BTREE' AND SUB_PART IS NULL ORDER BY INDEX_NAME, SEQ_IN_INDEX"
        ))?;
        let mut indexes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in members {
            if let [index, column] = row.as_slice() {
                indexes.entry(index.clone()).or_default().push(column.clone());
            }
        }
        let column = |row: Vec<String>| match row.as_slice() {
            [name, kind, nullable] => Some(Column {
                name: name.clone(),
                kind: kind_of(kind),
                may_be_null: !nullable.eq_ignore_ascii_case("no"),
            }),
            _ => None,
        };
        let parts: Vec<String> = name.splitn(2, '.').map(|part| self.quoted(part)).collect();
        Ok(Table {
            name: parts.join("."),
            columns: columns.into_iter().filter_map(column).collect(),
            indexes: indexes.into_values().collect(),
        })
    }

    fn tables(&self) -> &'static str {
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME LIMIT 20"
    }

    fn rows(&mut self, statement: &str, since: Option<&str>, take: &mut dyn Take) -> Result<(), Fault> {
        // A number is compared as one where it is written as one.
        let since = match since {
            Some(since) if since.parse::<f64>().is_ok() => since.to_owned(),
            Some(since) => self.text(since),
            None => self.text("1970-01-01 00:00:00"),
        };
        let statement = placeholder::with_since(statement, &since);
        let mut result = self.connection.query_iter(statement).map_err(fault)?;
        let Some(rows) = result.iter() else {
            return Err(Fault::Read("the statement does not ask for rows".to_owned()));
        };
        let columns = rows.columns();
        let columns = columns.as_ref();
        if columns.is_empty() {
            return Err(Fault::Read("the statement does not ask for rows".to_owned()));
        }
        let names: Vec<String> = columns.iter().map(|column| column.name_str().into_owned()).collect();
        take.columns(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
        let ways: Vec<Way> = (columns.iter())
            .map(|column| Way::of(column.column_type(), column.flags(), column.character_set()))
            .collect();
        for row in rows {
            if self.deadline.has_passed() {
                return Err(Fault::TookTooLong);
            }
            let row = row.map_err(fault)?;
            for (index, way) in ways.iter().enumerate() {
                match row.as_ref(index) {
                    Some(Value::Bytes(bytes)) => way.hand_over(index, bytes, take),
                    _ => take.cell(index, Cell::Null),
                }
            }
            take.end()?;
        }
        Ok(())
    }

    /// By its loose index scan. Its recursion ends after a thousand steps, and MariaDB's does so without a word.
    fn steps_through_indexes(&self) -> bool {
        true
    }

    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    /// Whether a backslash is one depends on the server's mode: a text with one is written in hexadecimal.
    fn text(&self, text: &str) -> String {
        if text.contains('\\') {
            let bytes: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            return format!("_utf8mb4 x'{bytes}'");
        }
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// How a column's text is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Text,
    Number,
    Json,
    /// A moment in UTC.
    Utc,
    /// A date, or a moment without zone.
    Date,
    Bits,
    Binary,
}

impl Way {
    fn of(kind: ColumnType, flags: ColumnFlags, character_set: u16) -> Self {
        use ColumnType as T;
        match kind {
            T::MYSQL_TYPE_TINY
            | T::MYSQL_TYPE_SHORT
            | T::MYSQL_TYPE_INT24
            | T::MYSQL_TYPE_LONG
            | T::MYSQL_TYPE_LONGLONG
            | T::MYSQL_TYPE_FLOAT
            | T::MYSQL_TYPE_DOUBLE
            | T::MYSQL_TYPE_DECIMAL
            | T::MYSQL_TYPE_NEWDECIMAL
            | T::MYSQL_TYPE_YEAR => Self::Number,
            T::MYSQL_TYPE_JSON => Self::Json,
            T::MYSQL_TYPE_TIMESTAMP | T::MYSQL_TYPE_TIMESTAMP2 => Self::Utc,
            T::MYSQL_TYPE_DATE | T::MYSQL_TYPE_NEWDATE | T::MYSQL_TYPE_DATETIME | T::MYSQL_TYPE_DATETIME2 => {
                Self::Date
            }
            T::MYSQL_TYPE_BIT => Self::Bits,
            T::MYSQL_TYPE_GEOMETRY => Self::Binary,
            T::MYSQL_TYPE_TIME | T::MYSQL_TYPE_TIME2 | T::MYSQL_TYPE_ENUM | T::MYSQL_TYPE_SET => Self::Text,
            _ if character_set == BINARY && flags.contains(ColumnFlags::BINARY_FLAG) => Self::Binary,
            _ => Self::Text,
        }
    }

    fn hand_over(self, column: usize, bytes: &[u8], take: &mut dyn Take) {
        let text = String::from_utf8_lossy(bytes);
        let cell = match self {
            Self::Text => Cell::Text(&text),
            // Zeros before a number, as of a year or of ZEROFILL, are none of JSON's.
            Self::Number => match serde_json::from_str::<serde_json::Number>(&text) {
                Ok(_) => Cell::Json(&text),
                Err(_) => text.parse().map_or(Cell::Text(&text), Cell::Integer),
            },
            Self::Json => Cell::Json(&text),
            // What MySQL writes for no date.
            Self::Utc | Self::Date if text.starts_with("0000-00-00") => Cell::Null,
            Self::Utc => Cell::Utc(&text),
            Self::Date => Cell::Text(&text),
            Self::Bits => {
                Cell::Integer(bytes.iter().fold(0, |number: i64, byte| number << 8 | i64::from(*byte)))
            }
            Self::Binary => Cell::Binary,
        };
        take.cell(column, cell);
    }
}

/// What a column of that type holds.
fn kind_of(declared: &str) -> Kind {
    match declared.to_ascii_lowercase().as_str() {
        "timestamp" => Kind::Moment(Form::UTC),
        "datetime" => Kind::Moment(Form::LOCAL),
        "date" => Kind::Moment(Form::Date),
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "decimal" | "float" | "double" | "bit"
        | "year" => Kind::Number,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" => Kind::Text,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "geometry" | "point" => {
            Kind::Binary
        }
        _ => Kind::Other,
    }
}
