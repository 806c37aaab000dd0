//! The head of an answer as it came, before the library takes the compression off and the header that told of it with it.

use super::HEADERS;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The bytes with which the latest answer began.
#[derive(Debug, Clone, Default)]
pub(super) struct Head(Arc<Mutex<Vec<u8>>>);

impl Head {
    /// Of the next answer from here on.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The value of Content-Encoding in it.
    pub(super) fn encoding(&self) -> Option<String> {
        encoding(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The value of Content-Encoding in the head of an answer.
fn encoding(head: &[u8]) -> Option<String> {
    let end = head.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(head.len());
    let text = String::from_utf8_lossy(head.get(..end)?).into_owned();
    let line = text
        .lines()
        .find(|line| line.get(..17).is_some_and(|name| name.eq_ignore_ascii_case("content-encoding:")))?;
    Some(line.get(17..)?.trim().to_owned())
}

/// Has connections keep the head of each answer.
#[derive(Debug)]
pub(super) struct Tapping(pub(super) Head);

impl<In: Transport> Connector<In> for Tapping {
    type Out = Tapped<In>;
    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        Ok(chained.map(|inner| Tapped { inner, head: self.0.clone() }))
    }
}

pub(super) struct Tapped<T> {
    inner: T,
    head: Head,
}

impl<T> fmt::Debug for Tapped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tapped")
    }
}

impl<T: Transport> Transport for Tapped<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }
    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.inner.transmit_output(amount, timeout)
    }
    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let more = self.inner.await_input(timeout)?;
        // Nothing of a head is taken out of the buffer before it is whole.
        let mut head = self.head.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !head.windows(4).any(|window| window == b"\r\n\r\n") {
            let input = self.inner.buffers().input();
            head.clear();
            head.extend_from_slice(input.get(..input.len().min(HEADERS)).unwrap_or_default());
        }
        Ok(more)
    }
    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_is_told_by_the_head() {
        let head = b"HTTP/1.1 200 OK\r\nA: b\r\ncontent-Encoding:  gzip \r\n\r\nContent-Encoding: br\r\n";
        assert_eq!(encoding(head).as_deref(), Some("gzip"));
        assert_eq!(encoding(b"HTTP/1.1 200 OK\r\nA: \xff\r\n\r\nContent-Encoding: br\r\n"), None);
        assert_eq!(encoding(b""), None);
    }
}
