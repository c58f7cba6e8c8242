//! Addresses, and who may be asked there: the special-purpose registries of IANA (RFC 6890), as of 2026.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Where a client may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// To public addresses.
    Public,
    /// To public and private ones: the operator has named the host.
    Named,
    /// To private ones: the operator has named the host, and nothing is encrypted on the way.
    Clear,
}

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anywhere in the world.
    Public,
    /// This machine, or a network of somebody's own.
    Private,
    /// Nowhere that a service could be. Link-local is among it: clouds give out a machine's credentials there.
    Special,
}

impl Rule {
    /// Whether a connection may go to `ip`.
    pub(super) fn admits(self, ip: IpAddr) -> bool {
        match reach(ip) {
            Reach::Public => self != Self::Clear,
            Reach::Private => self != Self::Public,
            Reach::Special => false,
        }
    }
}

/// Of IPv4.
const PRIVATE_V4: [Ipv4Net; 5] = [
    v4(10, 0, 0, 0, 8),     // private use, RFC 1918
    v4(100, 64, 0, 0, 10),  // shared by a carrier's customers, or an overlay network, RFC 6598
    v4(127, 0, 0, 0, 8),    // loopback, RFC 1122
    v4(172, 16, 0, 0, 12),  // private use, RFC 1918
    v4(192, 168, 0, 0, 16), // private use, RFC 1918
];

/// Of IPv4.
const SPECIAL_V4: [Ipv4Net; 10] = [
    v4(0, 0, 0, 0, 8),       // this network: Linux takes 0.0.0.0 for itself, RFC 791
    v4(169, 254, 0, 0, 16),  // link-local, RFC 3927
    v4(192, 0, 0, 0, 24),    // protocol assignments, RFC 6890
    v4(192, 0, 2, 0, 24),    // documentation, RFC 5737
    v4(192, 88, 99, 0, 24),  // relays of 6to4, RFC 7526
    v4(198, 18, 0, 0, 15),   // benchmarks, RFC 2544
    v4(198, 51, 100, 0, 24), // documentation, RFC 5737
    v4(203, 0, 113, 0, 24),  // documentation, RFC 5737
    v4(224, 0, 0, 0, 4),     // multicast, RFC 5771
    v4(240, 0, 0, 0, 4),     // reserved, RFC 1112; its last one is the broadcast, RFC 919
];

/// Of IPv6.
const PRIVATE_V6: [Ipv6Net; 2] = [
    Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128), // loopback, RFC 4291
    v6(0xfc00, 0, 7),                              // unique local, RFC 4193
];

/// All that is given out to the world, RFC 4291. What is elsewhere is private, above, or special.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);

/// Of [`GLOBAL_V6`].
const SPECIAL_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),     // protocol assignments, RFC 2928; Teredo, RFC 4380
    v6(0x2001, 0xdb8, 32), // documentation, RFC 3849
    v6(0x2002, 0, 16),     // 6to4, which has an IPv4 address in it, RFC 3056
    v6(0x3fff, 0, 20),     // documentation, RFC 9637
];

/// Translated to the IPv4 address at its end, for hosts without IPv4, RFC 6052.
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 96);

/// What `ip` leads to.
pub(super) fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => reach_v6(ip),
    }
}

fn reach_v4(ip: Ipv4Addr) -> Reach {
    if PRIVATE_V4.iter().any(|net| net.contains(&ip)) {
        Reach::Private
    } else if SPECIAL_V4.iter().any(|net| net.contains(&ip)) {
        Reach::Special
    } else {
        Reach::Public
    }
}

fn reach_v6(ip: Ipv6Addr) -> Reach {
    // A connection to ::ffff:127.0.0.1 goes to 127.0.0.1.
    if let Some(ip) = ip.to_ipv4_mapped() {
        return reach_v4(ip);
    }
    if NAT64.contains(&ip) {
        let [.., a, b, c, d] = ip.octets();
        // What is private over there is not the operator's own network.
        return match reach_v4(Ipv4Addr::new(a, b, c, d)) {
            Reach::Public => Reach::Public,
            Reach::Private | Reach::Special => Reach::Special,
        };
    }
    if PRIVATE_V6.iter().any(|net| net.contains(&ip)) {
        Reach::Private
    } else if !GLOBAL_V6.contains(&ip) || SPECIAL_V6.iter().any(|net| net.contains(&ip)) {
        Reach::Special
    } else {
        Reach::Public
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

/// By its first two segments; the others are zero.
const fn v6(first: u16, second: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), prefix)
}

#[cfg(test)]
mod tests;
