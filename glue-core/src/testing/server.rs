//! An application under test behind a socket, for what no request in memory can show.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use super::app::Made;
use super::{Caller, Issuer, TestParts, Validity};
use crate::settings::ServerSettings;

/// A server on a port from the kernel; it lives as long as the test's process.
pub struct TestServer {
    address: SocketAddr,
    made: Made,
}

impl TestServer {
    /// Starts serving on a thread of its own.
    ///
    /// # Panics
    /// When no port can be bound.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test kit fails loudly")]
    pub fn start(parts: TestParts) -> Self {
        let settings = ServerSettings { port: 0, workers: 1, ..parts.server.clone() };
        let made = parts.make();
        let (site, (tell, told)) = (made.site.clone(), mpsc::channel());
        std::thread::spawn(move || {
            let bound = move |address| tell.send(address).unwrap_or_default();
            actix_web::rt::System::new().block_on(async move { site.serve(&settings, bound).await })
        });
        Self { address: told.recv().expect("an address"), made }
    }

    /// A token that is accepted.
    #[must_use]
    pub fn token(&self, caller: &Caller) -> String {
        self.made.issuer.issue(caller, Validity::Valid, self.made.clock.now())
    }

    /// A connection that gives up after half a minute.
    ///
    /// # Panics
    /// When there is none to be had.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test kit fails loudly")]
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream
    }

    /// Sends bytes and nothing after them, and returns all that comes back until the server closes the connection.
    ///
    /// # Panics
    /// When the connection breaks.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test kit fails loudly")]
    pub fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("a request");
        stream.shutdown(Shutdown::Write).expect("an end");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }
}
