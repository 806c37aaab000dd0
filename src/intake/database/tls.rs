//! TLS to a database, as libpq's `sslmode` has it: from none to a certificate that is made out to the server's name.
//!
//! Specification: [libpq, SSL support](https://www.postgresql.org/docs/current/libpq-ssl.html).

use crate::database_url::{Tls, TlsMode};
use crate::exchange::authorities::{self, AuthoritiesError};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::path::Path;
use std::sync::Arc;
use std::{error, io};

/// A client's configuration, or why there is none.
pub(super) fn client(tls: &Tls) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let roots = Arc::new(match &tls.roots {
        Some(path) => roots(path).map_err(|error| error.to_string())?,
        None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
    });
    let config = match tls.mode {
        TlsMode::VerifyFull => builder.with_root_certificates(roots),
        mode => {
            let trusted = match mode {
                TlsMode::VerifyCa => Some(
                    WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
                        .build()
                        .map_err(|error| error.to_string())?,
                ),
                _ => None,
            };
            let verifier = Arc::new(AnyName { trusted, provider });
            builder.dangerous().with_custom_certificate_verifier(verifier)
        }
    };
    Ok(config.with_no_client_auth())
}

/// The authorities of a PEM file.
pub(super) fn roots(path: &Path) -> Result<RootCertStore, AuthoritiesError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities::read(path)?);
    Ok(roots)
}

/// What an error says of the connection's security, in words; `None` where it is about something else. `key` is the
/// parameter of the URL that names authorities of one's own.
pub(super) fn explained(error: &(dyn error::Error + 'static), tls: &Tls, key: &str) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let behind = || error.downcast_ref::<io::Error>().and_then(authorities::cause);
        if let Some(error) = error.downcast_ref::<Error>().or_else(behind) {
            return Some(authorities::explained(error, Some(key), tls.roots.as_deref()));
        }
        cause = error.source();
    }
    None
}

/// Takes a server's certificate whatever name it is made out to; without `trusted`, whoever made it out.
#[derive(Debug)]
struct AnyName {
    trusted: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(trusted) = &self.trusted else { return Ok(ServerCertVerified::assertion()) };
        match trusted.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
