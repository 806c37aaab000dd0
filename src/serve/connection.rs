//! One connection, from its first byte to its last: requests are read one after the other and answered in their order.
//!
//! Every wait has an end. A client that dribbles its request, that holds a connection without asking anything or that
//! does not take what it asked for is let go; while it waits it costs a task and a few hundred bytes.

use super::access_log::Asked;
use super::answer::{Answer, Payload};
use super::request::{LONGEST_HEAD, Refused, head_length, may_begin};
use super::resource::Resource;
use super::{Limits, Shared};
use std::borrow::Cow;
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, sleep_until};

/// How long what a client still sends is thrown away after the last answer, so that the answer reaches it.
const LINGER_TIME: Duration = Duration::from_secs(2);

/// The most that is thrown away.
const LINGER_BYTES: usize = 256 * 1024;

/// Bytes of empty lines that are passed over before a request.
const MOST_EMPTY: usize = 64;

/// Bytes that are read, or taken from a temporary file, at a time.
const PIECE: usize = 8 * 1024;
const SPILLED_PIECE: usize = 64 * 1024;

/// Attends to a connection until it ends. `leave` asks the one that waits longest to go.
pub async fn attend(mut stream: TcpStream, peer: IpAddr, shared: &Shared, leave: &Notify) {
    // Answers are written in one go.
    let _ = stream.set_nodelay(true);
    let mut connection = Connection { came: Vec::new(), head: Vec::new(), peer, shared, leave };
    let mut limit = shared.limits.head;
    loop {
        // A client that asks without a pause leaves time for the others of its thread.
        consume_budget().await;
        let (answer, asked) = match connection.next_head(&stream, limit).await {
            Next::Head(length) => connection.answer(length),
            Next::Refused(status) => (connection.refuse(status), None),
            Next::End => return,
        };
        if !connection.send(&stream, answer.0, asked).await {
            return;
        }
        if answer.1 {
            break;
        }
        limit = shared.limits.idle;
    }
    connection.linger(&mut stream).await;
}

struct Connection<'a> {
    /// What was read and not yet answered.
    came: Vec<u8>,
    /// The head that is being sent; kept for its room.
    head: Vec<u8>,
    peer: IpAddr,
    shared: &'a Shared,
    leave: &'a Notify,
}

enum Next {
    /// A head of that length has come.
    Head(usize),
    Refused(u16),
    /// The client has gone, or has to.
    End,
}

/// An answer, and whether the connection ends with it.
type Ending = (Answer, bool);

impl Connection<'_> {
    /// Waits for a whole head.
    async fn next_head(&mut self, stream: &TcpStream, limit: Duration) -> Next {
        let idle_until = Instant::now() + limit;
        let mut head_until = None;
        let mut looked = 0;
        let mut passed_over = 0;
        loop {
            // Empty lines before a request are passed over (RFC 9112, 2.2), some of them.
            let empty = self.came.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            passed_over += empty;
            if passed_over > MOST_EMPTY {
                return Next::Refused(400);
            }
            if empty > 0 {
                self.came.drain(..empty);
            }
            if self.came.first().is_some_and(|first| !may_begin(*first)) {
                return Next::Refused(400);
            }
            if let Some(length) = head_length(&self.came, looked) {
                return if length > LONGEST_HEAD { self.too_long() } else { Next::Head(length) };
            }
            looked = self.came.len();
            if looked > LONGEST_HEAD {
                return self.too_long();
            }
            let until = match looked {
                0 => idle_until,
                _ => *head_until.get_or_insert_with(|| Instant::now() + self.shared.limits.head),
            };
            match self.more(stream, until).await {
                More::Bytes => {}
                More::Late if !self.came.is_empty() => {
                    self.shared.metrics.timeouts.fetch_add(1, Ordering::Relaxed);
                    return Next::Refused(408);
                }
                More::Late | More::End => return Next::End,
            }
        }
    }

    /// What a head is refused with that is too long: its first line may be so by itself.
    fn too_long(&self) -> Next {
        let begin = self.came.get(..LONGEST_HEAD).unwrap_or(&self.came);
        Next::Refused(if begin.contains(&b'\n') { 431 } else { 414 })
    }

    /// Waits for bytes.
    async fn more(&mut self, stream: &TcpStream, until: Instant) -> More {
        loop {
            // Registered before the flag is looked at, so that no call to leave is missed.
            let leave = self.leave.notified();
            if self.shared.is_closing() && self.came.is_empty() {
                // What a client has sent by now is answered; whoever has sent nothing is not waited for.
                return self.read(stream).unwrap_or(More::End);
            }
            tokio::select! {
                biased;
                ready = stream.readable() => {
                    if ready.is_err() {
                        return More::End;
                    }
                }
                () = leave => {
                    if self.shared.is_closing() && !self.came.is_empty() {
                        continue;
                    }
                    return More::End;
                }
                () = sleep_until(until) => return More::Late,
            }
            if let Some(more) = self.read(stream) {
                return more;
            }
        }
    }

    /// Reads what is there; `None` where nothing is.
    fn read(&mut self, stream: &TcpStream) -> Option<More> {
        let mut piece = [0; PIECE];
        match stream.try_read(&mut piece) {
            Ok(0) => Some(More::End),
            Ok(read) => {
                self.came.extend_from_slice(piece.get(..read).unwrap_or_default());
                Some(More::Bytes)
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => None,
            Err(_) => Some(More::End),
        }
    }

    fn answer(&mut self, length: usize) -> (Ending, Option<Asked>) {
        self.head.clear();
        let head = self.came.get(..length).unwrap_or_default();
        let (answer, asked) = match self.shared.answer(head, &mut self.head) {
            Ok(answered) => answered,
            Err(Refused(status)) => (self.shared.refusal(status, &mut self.head), None),
        };
        self.came.drain(..length);
        // A connection that waits holds no more than it needs.
        if self.came.is_empty() && self.came.capacity() > PIECE {
            self.came = Vec::new();
        }
        let close = answer.close;
        ((answer, close), asked)
    }

    fn refuse(&mut self, status: u16) -> Ending {
        self.head.clear();
        (self.shared.refusal(status, &mut self.head), true)
    }

    /// Sends an answer, and counts it; false where the client did not take it.
    async fn send(&mut self, stream: &TcpStream, answer: Answer, asked: Option<Asked>) -> bool {
        let mut sending =
            Sending { stream, head: &self.head, sent: 0, limits: &self.shared.limits, deadline: None };
        let sent = sending.whole(&answer).await;
        let bytes = sending.sent as u64;
        let shared = self.shared;
        if matches!(&sent, Err(error) if error.kind() == ErrorKind::TimedOut) {
            shared.metrics.timeouts.fetch_add(1, Ordering::Relaxed);
        }
        let body = bytes.saturating_sub(self.head.len() as u64);
        shared.count(&answer, bytes, body);
        shared.log(asked.as_ref(), self.peer, answer.status, body);
        sent.is_ok()
    }

    /// Ends the connection in such a way that the last answer arrives: a connection that is closed while bytes from the
    /// client have not been read is reset, and what is on its way is lost.
    async fn linger(&mut self, stream: &mut TcpStream) {
        if poll_fn(|context| Pin::new(&mut *stream).poll_shutdown(context)).await.is_err() {
            return;
        }
        let until = Instant::now() + LINGER_TIME;
        let mut thrown = 0;
        while thrown < LINGER_BYTES {
            self.came.clear();
            tokio::select! {
                ready = stream.readable() => {
                    if ready.is_err() {
                        return;
                    }
                }
                () = sleep_until(until) => return,
            }
            match self.read(stream) {
                Some(More::Bytes) => thrown += self.came.len(),
                None => {}
                Some(More::End | More::Late) => return,
            }
        }
    }
}

enum More {
    Bytes,
    End,
    Late,
}

/// An answer on its way.
struct Sending<'a> {
    stream: &'a TcpStream,
    head: &'a [u8],
    /// Bytes that the system took, the head's included.
    sent: usize,
    limits: &'a Limits,
    deadline: Option<Instant>,
}

impl Sending<'_> {
    async fn whole(&mut self, answer: &Answer) -> io::Result<()> {
        let variant = match &answer.body {
            Payload::None => return self.piece(&[], 0, 0).await,
            Payload::Text(text) => return self.piece(text, 0, text.len()).await,
            Payload::Variant(index) => {
                answer.resource.as_deref().and_then(|resource: &Resource| resource.variants.get(*index))
            }
        };
        let Some(variant) = variant else { return Err(ErrorKind::NotFound.into()) };
        let length = variant.body.len();
        let mut from = 0;
        loop {
            let part: Cow<'_, [u8]> = variant.body.part(from, SPILLED_PIECE)?;
            self.piece(&part, from, length).await?;
            from += part.len();
            if from >= length || part.is_empty() {
                return Ok(());
            }
        }
    }

    /// Sends a part of the body that begins at `from`, and whatever of the head was not sent before it.
    async fn piece(&mut self, part: &[u8], from: usize, length: usize) -> io::Result<()> {
        let end = self.head.len() + from + part.len();
        while self.sent < end {
            let head = self.head.get(self.sent..).unwrap_or_default();
            let body = part.get(self.sent.saturating_sub(self.head.len() + from)..).unwrap_or_default();
            let slices = [IoSlice::new(head), IoSlice::new(body)];
            let slices = if head.is_empty() { &slices[1..] } else { &slices[..] };
            match self.stream.try_write_vectored(slices) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => self.sent += written,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let deadline = *self
                        .deadline
                        .get_or_insert_with(|| Instant::now() + self.limits.answer_time(length));
                    tokio::select! {
                        ready = self.stream.writable() => ready?,
                        () = sleep_until(deadline) => return Err(ErrorKind::TimedOut.into()),
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
