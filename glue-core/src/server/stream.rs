//! The bytes of one connection, with a deadline for every request's head.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::rt::net::{ActixStream, Ready, TcpStream};
use actix_web::rt::time::{Sleep, sleep};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::edge::Connection;

/// A connection that ends when a head has begun and does not arrive. The server itself watches over the first one only, and
/// keep-alive over connections on which nothing comes.
pub(super) struct Stream {
    socket: TcpStream,
    pub(super) connection: Connection,
    head_time: Duration,
    /// How many requests were before the head that is arriving.
    arriving: Option<usize>,
    /// When it has to be there; a head that comes in one piece needs no timer.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    pub(super) fn new(socket: TcpStream, head_time: Duration) -> Self {
        Self { socket, connection: Connection::default(), head_time, arriving: None, deadline: None }
    }

    /// Whether a head is late.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let (served, busy) = (self.connection.served(), self.connection.is_busy());
        if busy || self.arriving != Some(served) {
            (self.arriving, self.deadline) = (None, None);
            return false;
        }
        let head_time = self.head_time;
        self.deadline.get_or_insert_with(|| Box::pin(sleep(head_time))).as_mut().poll(cx).is_ready()
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
