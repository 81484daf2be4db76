//! The bytes of one connection, with a deadline for every request's head.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use actix_web::rt::time::{Instant, Sleep, sleep};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::edge::Connection;

/// A connection that ends when a head has begun and does not arrive, and when nothing comes for as long as connections are
/// kept. The server itself watches over the first head only, and forgets the second when half a head came in one piece with
/// the request before.
pub(super) struct Stream {
    socket: TcpStream,
    pub(super) connection: Connection,
    times: Times,
    /// How many requests were before the head that is arriving.
    arriving: Option<usize>,
    /// What is waited for: how many requests were before, and whether a head is arriving.
    awaited: Option<(usize, bool)>,
    /// When it has to be there; what comes before anybody waits needs no timer.
    deadline: Option<Pin<Box<Sleep>>>,
}

/// How long a connection is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// For the rest of a head that has begun.
    pub(super) head: Duration,
    /// For anything at all.
    pub(super) idle: Duration,
}

impl Stream {
    pub(super) fn new(socket: TcpStream, times: Times) -> Self {
        let connection = Connection::default();
        Self { socket, connection, times, arriving: None, awaited: None, deadline: None }
    }

    /// Whether what is waited for is late.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        if self.connection.is_busy() {
            self.awaited = None;
            return false;
        }
        let served = self.connection.served();
        let begun = self.arriving == Some(served);
        let time = if begun { self.times.head } else { self.times.idle };
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(time)));
        if self.awaited.replace((served, begun)) != Some((served, begun)) {
            deadline.as_mut().reset(Instant::now() + time);
        }
        deadline.as_mut().poll(cx).is_ready()
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.socket).poll_read(cx, buf) {
            Poll::Ready(done) => {
                let more = buf.filled().len() > before;
                if more && !self.connection.is_busy() {
                    self.arriving = Some(self.connection.served());
                }
                Poll::Ready(done)
            }
            // As if the client had gone.
            Poll::Pending if self.is_late(cx) => Poll::Ready(Ok(())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}

impl ActixStream for Stream {
    fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_read_ready(&self.socket, cx)
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<Ready>> {
        ActixStream::poll_write_ready(&self.socket, cx)
    }
}
