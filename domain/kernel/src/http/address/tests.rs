use proptest::prelude::*;

use super::*;

fn of(text: &str) -> Reach {
    reach(text.parse().unwrap())
}

#[test]
fn the_world_is_public() {
    for ip in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "2001:200::1",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
    ] {
        assert_eq!(of(ip), Reach::Public, "{ip}");
    }
}

#[test]
fn networks_of_ones_own_are_private() {
    for ip in [
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
    ] {
        assert_eq!(of(ip), Reach::Private, "{ip}");
    }
}

#[test]
fn nothing_else_is_asked() {
    for ip in [
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::7f00:1",
        "::ffff:169.254.169.254",
        "::ffff:0.0.0.0",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1.1.1.1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:101:101::",
        "3fff::1",
        "5f00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert_eq!(of(ip), Reach::Special, "{ip}");
        let ip = ip.parse().unwrap();
        assert!(![Rule::Public, Rule::Named, Rule::Clear].iter().any(|rule| rule.admits(ip)));
    }
}

/// The same, told by the standard library and by octets.
fn reach_v4_again(ip: Ipv4Addr) -> Reach {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let nowhere = a == 0
        || a >= 240
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || (a == 198 && (b == 18 || b == 19))
        || matches!((a, b, c), (192, 0, 0) | (192, 88, 99));
    if ip.is_private() || ip.is_loopback() || shared {
        Reach::Private
    } else if nowhere {
        Reach::Special
    } else {
        Reach::Public
    }
}

/// The same, told by segments.
fn reach_v6_again(ip: Ipv6Addr) -> Reach {
    let segments = ip.segments();
    let bytes = ip.octets();
    let last = reach_v4_again(Ipv4Addr::new(bytes[12], bytes[13], bytes[14], bytes[15]));
    match (segments[0], segments[1]) {
        (0, 0) if segments[2..6] == [0, 0, 0, 0xffff] => last,
        (0x64, 0xff9b) if segments[2..6] == [0; 4] => match last {
            Reach::Public => Reach::Public,
            _ => Reach::Special,
        },
        _ if ip.is_loopback() || ip.is_unique_local() => Reach::Private,
        (0x2001, next) if next < 0x200 || next == 0xdb8 => Reach::Special,
        (0x2002, _) => Reach::Special,
        (0x3fff, next) if next < 0x1000 => Reach::Special,
        (0x2000..0x4000, _) => Reach::Public,
        _ => Reach::Special,
    }
}

/// Any address, and often one at the edge of a network that is special.
fn v4_of_interest() -> impl Strategy<Value = Ipv4Addr> {
    let nets: Vec<_> = PRIVATE_V4.into_iter().chain(SPECIAL_V4).collect();
    let edges =
        (prop::sample::select(nets), -2_i64..3, any::<bool>()).prop_map(|(net, off, low)| {
            let edge = u32::from(if low { net.network() } else { net.broadcast() });
            Ipv4Addr::from(edge.wrapping_add_signed(i32::try_from(off).unwrap()))
        });
    prop_oneof![any::<Ipv4Addr>(), edges]
}

fn v6_of_interest() -> impl Strategy<Value = Ipv6Addr> {
    let nets: Vec<_> = PRIVATE_V6.into_iter().chain(SPECIAL_V6).chain([GLOBAL_V6, NAT64]).collect();
    let edges =
        (prop::sample::select(nets), -2_i128..3, any::<bool>()).prop_map(|(net, off, low)| {
            let edge = u128::from(if low { net.network() } else { net.broadcast() });
            Ipv6Addr::from(edge.wrapping_add_signed(off))
        });
    let with_v4 = |high: u128| {
        v4_of_interest().prop_map(move |ip| Ipv6Addr::from(high | u128::from(u32::from(ip))))
    };
    prop_oneof![
        any::<Ipv6Addr>(),
        edges,
        with_v4(0xffff << 32),
        with_v4(0x64_ff9b << 96),
        with_v4(0)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    #[test]
    fn both_ways_of_telling_v4_agree(ip in v4_of_interest()) {
        prop_assert_eq!(reach_v4(ip), reach_v4_again(ip));
    }

    #[test]
    fn both_ways_of_telling_v6_agree(ip in v6_of_interest()) {
        prop_assert_eq!(reach_v6(ip), reach_v6_again(ip));
    }
}
