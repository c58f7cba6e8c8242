//! Who asks: the address that a request comes from.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::AppState;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// The client: the other end of the connection or, where that is a trusted proxy, the one that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(IpAddr);

/// The proxies whose word is taken for whom they speak.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Arc<[IpNet]>);

/// Not a list of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not networks with commas between")]
pub struct NoNetworks;

/// Tells the routes who asks.
pub async fn find(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>();
    // A request that came over no connection has nobody at its other end.
    let peer = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |Peer(ip)| *ip);
    let client = Client::of(peer, request.headers(), &state.proxies);
    request.extensions_mut().insert(client);
    next.run(request).await
}

impl Client {
    /// Each proxy adds, at the end of `X-Forwarded-For`, whom it speaks for. So the list is read from its end, as
    /// long as those who wrote it are trusted: what stands before is whatever the client made up. A trusted
    /// proxy that names nobody who can be understood is the client itself.
    fn of(peer: IpAddr, headers: &HeaderMap, proxies: &Proxies) -> Self {
        let mut client = peer.to_canonical();
        let lists = headers.get_all(FORWARDED_FOR).iter().rev();
        let mut hops = lists.flat_map(|list| list.to_str().unwrap_or("?").rsplit(','));
        while proxies.trust(client) {
            let Some(before) = hops.next().and_then(address) else { break };
            client = before;
        }
        Self(client)
    }

    /// What counts as one client: an IPv4 address, or the /64 that an IPv6 customer has for themselves.
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(ip) => ip.into(),
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
        }
    }
}

impl Proxies {
    fn trust(&self, ip: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&ip))
    }
}

impl FromStr for Proxies {
    type Err = NoNetworks;

    /// Networks such as `10.0.0.0/8`, or single addresses, with commas between.
    fn from_str(text: &str) -> Result<Self, NoNetworks> {
        let nets = text.split(',').map(str::trim).filter(|net| !net.is_empty());
        let nets = nets.map(|net| {
            let single = || net.parse::<IpAddr>().map(IpNet::from);
            net.parse::<IpNet>().or_else(|_| single()).map_err(|_| NoNetworks)
        });
        nets.collect::<Result<_, _>>().map(Self)
    }
}

/// An address as proxies write it: some add a port, and brackets to IPv6.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || hop.parse::<SocketAddr>().ok().map(|addr| addr.ip());
    let ip = hop.parse::<IpAddr>().ok().or_else(with_port).or_else(bare);
    ip.map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUSTED: &str = "10.0.0.0/8, 192.0.2.1 ,fd00::/8";

    fn client(peer: &str, trusted: &str, lists: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append(FORWARDED_FOR, list.parse().unwrap());
        }
        Client::of(peer.parse().unwrap(), &headers, &trusted.parse().unwrap()).0.to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(client("203.0.113.9", "", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("203.0.113.9", TRUSTED, &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("192.0.2.2", TRUSTED, &["198.51.100.1"]), "192.0.2.2");
        assert_eq!(client("10.0.0.1", "", &["198.51.100.1"]), "10.0.0.1");
    }

    #[test]
    fn the_last_that_is_not_trusted_is_the_client() {
        for (lists, expected) in [
            (&["198.51.100.1"][..], "198.51.100.1"),
            (&["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (&["1.1.1.1,198.51.100.1 , 10.9.9.9,192.0.2.1"], "198.51.100.1"),
            (&["1.1.1.1", "198.51.100.1", "10.9.9.9"], "198.51.100.1"),
            (&["1.1.1.1, 10.1.1.1", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),
            (&["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
            (&["198.51.100.1:4711"], "198.51.100.1"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["[2001:db8::7]"], "2001:db8::7"),
            (&["[2001:db8::7]:4711"], "2001:db8::7"),
            (&["::ffff:198.51.100.1"], "198.51.100.1"),
            (&["1.1.1.1, ::ffff:10.0.0.7"], "1.1.1.1"),
            (&["1.1.1.1, fd00::7"], "1.1.1.1"),
        ] {
            for peer in ["10.0.0.1", "192.0.2.1", "::ffff:10.0.0.1", "fd00::1"] {
                assert_eq!(client(peer, TRUSTED, lists), expected, "{lists:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_understood_names_nobody() {
        for lists in [
            &[][..],
            &[""],
            &["1.1.1.1, "],
            &["1.1.1.1, unknown"],
            &["1.1.1.1, _hidden"],
            &["1.1.1.1, \"[2001:db8::7]\""],
            &["1.1.1.1, 10.0.0.256"],
            &["1.1.1.1, [10.0.0.7]"],
            &["1.1.1.1, 127.1"],
        ] {
            assert_eq!(client("10.0.0.1", TRUSTED, lists), "10.0.0.1", "{lists:?}");
        }
        assert_eq!(client("10.0.0.1", TRUSTED, &["1.1.1.1, ?, 10.0.0.2"]), "10.0.0.2");
        for text in ["10.0.0.0/33", "proxy", "10.0.0.1/", "10.0.0.1-10.0.0.9"] {
            assert!(text.parse::<Proxies>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_ipv6_customer_is_one_client() {
        let network = |ip: &str| Client(ip.parse().unwrap()).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2::"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::"), network("2001:db8:1:3::"));
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
    }
}
