//! Whom TLS trusts: the certificate authorities of a PEM file, in place of those that browsers trust; and what is wrong
//! with a certificate, in the words of whoever has to put it right.
//!
//! Knows no connection. Specifications: PEM is RFC 7468, certificates and the names in them RFC 5280 and RFC 9525.

use chrono::DateTime;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why a file names no authority.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    #[error("cannot read the certificates in {}: {}", .path.display(), in_words(.source))]
    File { path: PathBuf, source: io::Error },
    #[error(
        "there is no certificate in {}: it holds the lines from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----` of an authority's",
        .0.display()
    )]
    Nothing(PathBuf),
    #[error("certificate {number} in {} is damaged: {reason}", .path.display())]
    Damaged { path: PathBuf, number: usize, reason: String },
}

/// The certificates of a PEM file. What else stands in it, such as a key, is passed over.
pub fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, AuthoritiesError> {
    let bytes = fs::read(path).map_err(|source| AuthoritiesError::File { path: path.to_owned(), source })?;
    let mut certificates = Vec::new();
    let mut roots = RootCertStore::empty();
    for (certificate, number) in CertificateDer::pem_slice_iter(&bytes).zip(1..) {
        let damaged = |reason| AuthoritiesError::Damaged { path: path.to_owned(), number, reason };
        let certificate = certificate.map_err(|error| damaged(error.to_string()))?;
        roots.add(certificate.clone()).map_err(|error| damaged(error.to_string()))?;
        certificates.push(certificate);
    }
    match certificates.is_empty() {
        true => Err(AuthoritiesError::Nothing(path.to_owned())),
        false => Ok(certificates),
    }
}

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    }
}

/// What is wrong with a connection's security, and what may be done. `key` is how authorities of one's
/// own are named there; `named` the file that it names already.
pub fn explained(error: &Error, key: Option<&str>, named: Option<&Path>) -> String {
    let Error::InvalidCertificate(error) = error else { return error.to_string() };
    match error {
        CertificateError::UnknownIssuer => match named {
            Some(path) => {
                format!("none of the authorities in {} vouches for the server's certificate", path.display())
            }
            None => {
                let advice = key.map_or_else(String::new, |key| format!("; {key} names one of your own"));
                format!("no known authority vouches for the server's certificate{advice}")
            }
        },
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the server's certificate ran out on {}", day(*not_after))
        }
        CertificateError::Expired => "the server's certificate has run out".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "the server's certificate holds from {} on, by the clock of this machine not yet",
            day(*not_before)
        ),
        CertificateError::NotValidForNameContext { expected, presented } => {
            let made_out: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            let names = match made_out.is_empty() {
                true => "no name at all (subjectAltName)".to_owned(),
                false => made_out.join(", "),
            };
            format!("the server's certificate is made out to {names}, not to {}", host(expected))
        }
        // The library has no word of its own for it.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "the server shows the certificate of an authority (`CA:TRUE`) as its own; it needs one that an authority \
             signed, or one made with `basicConstraints=CA:FALSE`"
                .to_owned()
        }
        // Found by the name of who made it out, and signed with another key.
        CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            let named = named.map_or_else(String::new, |path| format!(" in {}", path.display()));
            format!("the server's certificate is not signed by the authority of that name{named}")
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            "the server's certificate is signed in a way that is no longer trusted, such as by SHA-1".to_owned()
        }
        other => other.to_string(),
    }
}

/// The error of TLS that stands behind an error of the system.
pub fn cause(error: &io::Error) -> Option<&Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref().or_else(|| cause(inner.downcast_ref()?))
}

/// `DnsName("a.example")`, `IpAddress(10.0.0.1)`: what stands between the marks.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

fn host(name: &ServerName<'_>) -> String {
    name.to_str().into_owned()
}

/// The day of a moment, of UTC.
fn day(moment: UnixTime) -> String {
    let seconds = i64::try_from(moment.as_secs()).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, 0)
        .map_or_else(|| "an unknown day".to_owned(), |at| at.date_naive().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn said(error: CertificateError, named: Option<&Path>) -> String {
        explained(&Error::InvalidCertificate(error), Some("`ca`"), named)
    }

    #[test]
    fn a_file_without_authorities_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let fails = || read(&path).unwrap_err().to_string();
        assert!(fails().ends_with("ca.pem: there is no such file"), "{}", fails());
        fs::write(&path, "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n").unwrap();
        assert!(fails().starts_with("there is no certificate in "), "{}", fails());
        fs::write(&path, "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n").unwrap();
        assert!(fails().starts_with("certificate 1 in "), "{}", fails());
        fs::write(&path, "-----BEGIN CERTIFICATE-----\nMIIB").unwrap();
        assert!(fails().contains("is damaged"), "{}", fails());
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_in_words() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let expired = CertificateError::ExpiredContext { time: at(1), not_after: at(1_795_000_000) };
        assert_eq!(said(expired, None), "the server's certificate ran out on 2026-11-18");
        let name = |presented: &[&str]| CertificateError::NotValidForNameContext {
            expected: "cms.example".try_into().unwrap(),
            presented: presented.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(
            said(name(&["DnsName(\"a.example\")", "IpAddress(10.0.0.1)"]), None),
            "the server's certificate is made out to a.example, 10.0.0.1, not to cms.example"
        );
        assert!(said(name(&[]), None).contains("no name at all"));
        let other = said(CertificateError::BadSignature, Some(Path::new("ca.pem")));
        assert_eq!(other, "the server's certificate is not signed by the authority of that name in ca.pem");
        assert!(said(CertificateError::UnknownIssuer, None).ends_with("`ca` names one of your own"));
        let named = said(CertificateError::UnknownIssuer, Some(Path::new("ca.pem")));
        assert!(named.starts_with("none of the authorities in ca.pem"), "{named}");
    }
}
