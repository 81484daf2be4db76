//! Where a request comes from, as far as guesses are counted: the address of the peer, or what a trusted proxy says of it
//! (security.md H5).

use std::net::IpAddr;

use actix_web::dev::RequestHead;
use ipnet::IpNet;

/// Addresses whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Reads addresses and networks, `10.0.0.0/8` say. `None` when one is neither.
    #[must_use]
    pub fn parse(texts: &[String]) -> Option<Self> {
        let network = |text: &String| match text.parse::<IpNet>() {
            Ok(network) => Some(network),
            Err(_) => text.parse::<IpAddr>().ok().map(IpNet::from),
        };
        texts.iter().map(network).collect::<Option<Vec<_>>>().map(Self)
    }

    /// The network that a request comes from. Entries of the header are believed from the right, as long as trusted
    /// proxies wrote them.
    pub(crate) fn source(&self, request: &RequestHead) -> String {
        let Some(mut address) = request.peer_addr.map(|peer| peer.ip()) else { return String::new() };
        let entries = request.headers.get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        let mut entries: Vec<&str> = entries.flat_map(|value| value.split(',')).map(str::trim).collect();
        while self.0.iter().any(|proxy| proxy.contains(&address.to_canonical())) {
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
