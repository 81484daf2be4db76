//! Where a request comes from, as far as guesses are counted: the address of the peer, or what a trusted proxy says of it
//! (security.md H5).

use std::net::IpAddr;

use actix_web::dev::RequestHead;

/// Addresses whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Network>);

/// An address and how many of its bits count.
#[derive(Clone, Copy, Debug)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl Proxies {
    /// Reads addresses and networks, `10.0.0.0/8` say. `None` when one is neither.
    #[must_use]
    pub fn parse(texts: &[String]) -> Option<Self> {
        texts.iter().map(|text| Network::parse(text)).collect::<Option<Vec<_>>>().map(Self)
    }

    /// The network that a request comes from. Entries of the header are believed from the right, as long as trusted
    /// proxies wrote them.
    pub(crate) fn source(&self, request: &RequestHead) -> String {
        let Some(mut address) = request.peer_addr.map(|peer| peer.ip()) else { return String::new() };
        let entries = request.headers.get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        let mut entries: Vec<&str> = entries.flat_map(|value| value.split(',')).map(str::trim).collect();
        while self.0.iter().any(|proxy| proxy.contains(address)) {
            match entries.pop().map(str::parse) {
                Some(Ok(before)) => address = before,
                Some(Err(_)) | None => break,
            }
        }
        network_of(address)
    }
}

/// A household has a whole /64 of IPv6 addresses; counting single ones would count nobody.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address.parse::<IpAddr>().ok()?, bits.parse().ok()?),
            None => {
                let address = text.parse::<IpAddr>().ok()?;
                (address, if address.is_ipv4() { 32 } else { 128 })
            }
        };
        let longest = if address.is_ipv4() { 32 } else { 128 };
        (bits <= longest).then_some(Self { address, bits })
    }

    fn contains(self, other: IpAddr) -> bool {
        let same = |own: &[u8], other: &[u8]| {
            let bit = |bytes: &[u8], at: u8| bytes.get(usize::from(at / 8)).map(|byte| byte >> (7 - at % 8) & 1);
            (0..self.bits).all(|at| bit(own, at) == bit(other, at))
        };
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(&own.octets(), &other.octets()),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(&own.octets(), &other.octets()),
            _ => false,
        }
    }
}
