//! Where a database is and how to come in: the URL of a source, read once. What is shown of it never holds a password.

use std::fmt;
use std::path::{Path, PathBuf};
use url::Url;

/// The address of a database.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    kind: Kind,
    /// What messages call it.
    name: String,
    secrets: Vec<String>,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Kind {
    Sqlite(PathBuf),
    Postgres(Box<Postgres>),
    Mysql(Mysql),
}

/// A PostgreSQL server: what is not about TLS as its driver reads it, the rest apart.
#[derive(Clone, PartialEq, Eq)]
pub struct Postgres {
    pub config: tokio_postgres::Config,
    pub tls: Tls,
}

/// A server of MySQL or MariaDB.
#[derive(Clone, PartialEq, Eq)]
pub struct Mysql {
    pub host: String,
    pub port: u16,
    pub socket: Option<String>,
    pub user: Option<String>,
    pub password: Option<String>,
    pub database: Option<String>,
    pub tls: Tls,
}

/// Whether the connection is encrypted, and whom it trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    pub mode: TlsMode,
    /// A file of certificates that are trusted, in PEM.
    pub roots: Option<PathBuf>,
}

/// As libpq's sslmode and MySQL's --ssl-mode mean it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    Disable,
    /// Encrypted where the server can.
    Prefer,
    /// Encrypted, whoever the server is.
    Require,
    /// The server's certificate is one of a trusted authority.
    VerifyCa,
    /// ... and made out to its name.
    VerifyFull,
}

impl Tls {
    /// Who names an authority wants servers to be held against it, as libpq and mysql(1) have it.
    fn trust(&mut self) {
        if self.roots.is_some() && self.mode != TlsMode::Disable {
            self.mode = self.mode.max(TlsMode::VerifyCa);
        }
    }
}

/// Why a URL is no address of a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    #[error("no URL of a database: it begins with none of sqlite:, postgres:// and mysql://")]
    Scheme,
    #[error("the URL names no file: sqlite:articles.db")]
    NoFile,
    #[error("cannot read the URL of the database: {0}")]
    Url(String),
    #[error("`{key}` of the database's URL cannot be `{value}`; known: {known}")]
    Value { key: String, value: String, known: &'static str },
    #[error("the database's URL has no parameter `{key}`; known: {known}")]
    Parameter { key: String, known: &'static str },
}

const POSTGRES_MODES: &str = "disable, prefer, require, verify-ca, verify-full";
const MYSQL_MODES: &str = "disabled, preferred, required, verify_ca, verify_identity";
const MYSQL_PARAMETERS: &str = "socket, ssl-mode, ssl-ca";

impl DatabaseUrl {
    /// Whether a URL is meant to be that of a database.
    pub fn is_one(url: &str) -> bool {
        scheme(url).is_some()
    }

    /// Reads a URL; paths in it are relative to the folder `root`.
    pub fn parse(url: &str, root: &Path) -> Result<Self, DatabaseUrlError> {
        match scheme(url) {
            Some(("sqlite", rest)) => sqlite(rest, root),
            Some(("postgres", _)) => postgres(url, root),
            Some((_, rest)) => mysql(rest, root),
            None => Err(DatabaseUrlError::Scheme),
        }
    }

    /// What messages call the database: its URL without user, password and parameters.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// A text without the passwords of this address.
    pub fn without_secrets(&self, text: &str) -> String {
        let secrets = self.secrets.iter().filter(|secret| !secret.is_empty());
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }
}

/// Not even a debugging aid shows a password.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatabaseUrl").field(&self.name).finish()
    }
}

/// The kind of database, and what follows the colon.
fn scheme(url: &str) -> Option<(&'static str, &str)> {
    let (scheme, rest) = url.trim().split_once(':')?;
    Some(match scheme.to_ascii_lowercase().as_str() {
        "sqlite" | "sqlite3" => ("sqlite", rest),
        "postgres" | "postgresql" => ("postgres", rest),
        "mysql" | "mariadb" => ("mysql", rest),
        _ => return None,
    })
}

fn sqlite(rest: &str, root: &Path) -> Result<DatabaseUrl, DatabaseUrlError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() {
        return Err(DatabaseUrlError::NoFile);
    }
    let kind = Kind::Sqlite(root.join(path));
    Ok(DatabaseUrl { kind, name: format!("sqlite:{path}"), secrets: Vec::new() })
}

fn postgres(url: &str, root: &Path) -> Result<DatabaseUrl, DatabaseUrlError> {
    let mut tls = Tls { mode: TlsMode::Prefer, roots: None };
    let (address, parameters) = url.trim().split_once('?').unwrap_or((url.trim(), ""));
    let mut rest = Vec::new();
    let mut secrets = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let (key, value) = pair(parameter);
        match key.as_str() {
            "sslmode" => {
                tls.mode = match value.as_str() {
                    "disable" => TlsMode::Disable,
                    "allow" | "prefer" => TlsMode::Prefer,
                    "require" => TlsMode::Require,
                    "verify-ca" => TlsMode::VerifyCa,
                    "verify-full" => TlsMode::VerifyFull,
                    _ => return Err(DatabaseUrlError::Value { key, value, known: POSTGRES_MODES }),
                };
            }
            // Those of browsers, which hold no authority of a single house: the name is what tells servers apart.
            "sslrootcert" if value == "system" => tls.mode = TlsMode::VerifyFull,
            "sslrootcert" => tls.roots = Some(root.join(value)),
            "password" => {
                secrets.extend(parameter.split_once('=').map(|(_, written)| written.to_owned()));
                rest.push(parameter);
            }
            _ => rest.push(parameter),
        }
    }
    tls.trust();
    let config: tokio_postgres::Config =
        format!("{address}?{}", rest.join("&")).parse().map_err(|error: tokio_postgres::Error| {
            DatabaseUrlError::Url(
                std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string),
            )
        })?;
    let hosts: Vec<String> = (config.get_hosts().iter())
        .map(|host| match host {
            tokio_postgres::config::Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    // The driver ends a password at its first `@`, so that the rest of it would be shown as a host.
    if hosts.iter().any(|host| host.contains('@')) {
        return Err(DatabaseUrlError::Url("an `@` in a name or a password is written `%40`".to_owned()));
    }
    let name = format!("postgres://{}/{}", hosts.join(","), config.get_dbname().unwrap_or_default());
    let password = config.get_password().map(|password| String::from_utf8_lossy(password).into_owned());
    secrets.extend(password);
    secrets.extend(written_password(address));
    Ok(DatabaseUrl { kind: Kind::Postgres(Box::new(Postgres { config, tls })), name, secrets })
}

fn mysql(rest: &str, root: &Path) -> Result<DatabaseUrl, DatabaseUrlError> {
    let mut url =
        Url::parse(&format!("mysql:{rest}")).map_err(|error| DatabaseUrlError::Url(error.to_string()))?;
    let mut tls = Tls { mode: TlsMode::Prefer, roots: None };
    let mut socket = None;
    for parameter in url.query().unwrap_or_default().split('&').filter(|parameter| !parameter.is_empty()) {
        let (key, value) = pair(parameter);
        match key.replace('_', "-").as_str() {
            "ssl-mode" => {
                tls.mode = match value.to_ascii_lowercase().replace('-', "_").as_str() {
                    "disabled" => TlsMode::Disable,
                    "preferred" => TlsMode::Prefer,
                    "required" => TlsMode::Require,
                    "verify_ca" => TlsMode::VerifyCa,
                    "verify_identity" => TlsMode::VerifyFull,
                    _ => return Err(DatabaseUrlError::Value { key, value, known: MYSQL_MODES }),
                };
            }
            "ssl-ca" => tls.roots = Some(root.join(value)),
            "socket" => socket = Some(value),
            _ => return Err(DatabaseUrlError::Parameter { key, known: MYSQL_PARAMETERS }),
        }
    }
    tls.trust();
    let text = |text: &str| decoded(text).map(|text| Some(text).filter(|text| !text.is_empty()));
    let user = text(url.username())?;
    let password = text(url.password().unwrap_or_default())?;
    let mut secrets: Vec<String> = url.password().map(str::to_owned).into_iter().collect();
    secrets.extend(password.clone());
    let host = url.host_str().filter(|host| !host.is_empty()).unwrap_or("localhost").to_owned();
    let database = text(url.path().trim_start_matches('/'))?;
    let port = url.port().unwrap_or(3306);
    let place = match &socket {
        Some(socket) => socket.clone(),
        None => format!("{host}{}", url.port().map_or_else(String::new, |port| format!(":{port}"))),
    };
    url.set_query(None);
    let name = format!("mysql://{place}/{}", database.as_deref().unwrap_or_default());
    let server = Mysql { host, port, socket, user, password, database, tls };
    Ok(DatabaseUrl { kind: Kind::Mysql(server), name, secrets })
}

/// A parameter's name and value, decoded.
fn pair(parameter: &str) -> (String, String) {
    let mut pairs = url::form_urlencoded::parse(parameter.as_bytes());
    pairs.next().map_or_else(Default::default, |(key, value)| (key.into_owned(), value.into_owned()))
}

/// Percent-encoded text; `+` is itself in it.
fn decoded(text: &str) -> Result<String, DatabaseUrlError> {
    let plus = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let (decoded, _) = pair(&plus);
    match decoded.contains(char::REPLACEMENT_CHARACTER) {
        true => Err(DatabaseUrlError::Url("a part of it is not UTF-8".to_owned())),
        false => Ok(decoded),
    }
}

/// The password of a URL as it is written there.
fn written_password(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let (user, _) = rest.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    Some(password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<DatabaseUrl, DatabaseUrlError> {
        DatabaseUrl::parse(url, Path::new("/srv"))
    }

    #[test]
    fn a_file_is_relative_to_the_folder() {
        for (url, path) in [
            ("sqlite:a.db", "/srv/a.db"),
            ("sqlite://a.db", "/srv/a.db"),
            ("sqlite:///var/a b.db", "/var/a b.db"),
            ("sqlite:/var/a.db", "/var/a.db"),
        ] {
            let address = parse(url).unwrap();
            assert!(matches!(address.kind(), Kind::Sqlite(found) if found == Path::new(path)), "{url}");
        }
        assert_eq!(parse("sqlite:"), Err(DatabaseUrlError::NoFile));
        assert_eq!(parse("https://bao.example/"), Err(DatabaseUrlError::Scheme));
    }

    #[test]
    fn no_password_is_shown() {
        for url in [
            "postgres://bao:geh%25eim@db.example:5433/news?sslmode=verify-full&sslrootcert=ca.pem",
            "postgresql:///news?host=/run/postgresql&user=bao&password=geh%25eim",
            "mysql://bao:geh%25eim@db.example/news?ssl-mode=REQUIRED",
            "mariadb://bao:geh%25eim@localhost/news?socket=/run/mysqld/mysqld.sock",
        ] {
            let address = parse(url).unwrap();
            let shown =
                format!("{address:?} {} {}", address.name(), address.without_secrets("geh%eim geh%25eim"));
            assert!(!shown.contains("geh"), "{shown}");
            assert!(address.name().ends_with("/news"), "{}", address.name());
        }
    }

    #[test]
    fn parameters_are_read() {
        let address =
            parse("postgres://db.example/news?sslmode=verify-full&sslrootcert=ca.pem&connect_timeout=3");
        let Ok(DatabaseUrl { kind: Kind::Postgres(server), .. }) = address else { panic!("{address:?}") };
        assert_eq!(server.tls, Tls { mode: TlsMode::VerifyFull, roots: Some("/srv/ca.pem".into()) });
        for (parameters, mode) in [
            ("sslrootcert=ca.pem", TlsMode::VerifyCa),
            ("sslmode=require&sslrootcert=ca.pem", TlsMode::VerifyCa),
            ("sslrootcert=ca.pem&sslmode=disable", TlsMode::Disable),
            ("sslrootcert=system", TlsMode::VerifyFull),
            ("sslmode=require", TlsMode::Require),
        ] {
            let address = parse(&format!("postgres://db.example/news?{parameters}"));
            let Ok(DatabaseUrl { kind: Kind::Postgres(server), .. }) = address else { panic!("{address:?}") };
            assert_eq!(server.tls.mode, mode, "{parameters}");
        }
        let address =
            parse("mysql://b%40o:p%2Bw+@db.example:3307/tin%20tuc?ssl_mode=verify_identity&ssl-ca=/ca.pem");
        let Ok(DatabaseUrl { kind: Kind::Mysql(server), .. }) = address else { panic!("{address:?}") };
        assert_eq!((server.host.as_str(), server.port), ("db.example", 3307));
        assert_eq!(server.user.as_deref(), Some("b@o"));
        assert_eq!(server.password.as_deref(), Some("p+w+"));
        assert_eq!(server.database.as_deref(), Some("tin tuc"));
        assert_eq!(server.tls, Tls { mode: TlsMode::VerifyFull, roots: Some("/ca.pem".into()) });
    }

    #[test]
    fn what_is_not_known_is_said() {
        let said = |url: &str| parse(url).map(|_| ()).unwrap_err().to_string();
        assert!(said("postgres://a/b?sslmode=sometimes").contains("verify-full"));
        assert!(
            said("postgres://a/b?colour=red").contains("colour"),
            "{}",
            said("postgres://a/b?colour=red")
        );
        assert!(said("mysql://a/b?colour=red").contains("socket"));
        assert!(said("mysql://a:b:c/d").contains("URL"));
    }
}
