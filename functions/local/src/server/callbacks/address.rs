//! Which addresses a URL of somebody's may lead to: those of the public internet alone.

use super::network::Network;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is not of the public internet (IANA's registries of special-purpose addresses), and
/// what is, but stands for the machine's own surroundings.
const REFUSED: &[(Network, &str)] = &[
    (Network::v4(0, 0, 0, 0, 8), "this network"),
    (Network::v4(10, 0, 0, 0, 8), "private"),
    (Network::v4(100, 64, 0, 0, 10), "shared by a carrier"),
    (Network::v4(127, 0, 0, 0, 8), "loopback"),
    (Network::v4(168, 63, 129, 16, 32), "a cloud's own"),
    (Network::v4(169, 254, 0, 0, 16), "link-local"),
    (Network::v4(172, 16, 0, 0, 12), "private"),
    (Network::v4(192, 0, 0, 0, 24), "reserved"),
    (Network::v4(192, 0, 2, 0, 24), "documentation"),
    (Network::v4(192, 88, 99, 0, 24), "a relay"),
    (Network::v4(192, 168, 0, 0, 16), "private"),
    (Network::v4(198, 18, 0, 0, 15), "benchmarks"),
    (Network::v4(198, 51, 100, 0, 24), "documentation"),
    (Network::v4(203, 0, 113, 0, 24), "documentation"),
    (Network::v4(224, 0, 0, 0, 4), "multicast"),
    (Network::v4(240, 0, 0, 0, 4), "reserved"),
    (Network::v6([0x2001, 0, 0, 0], 23), "reserved"),
    (Network::v6([0x2001, 0xdb8, 0, 0], 32), "documentation"),
    (Network::v6([0x3fff, 0, 0, 0], 20), "documentation"),
    (Network::v6([0x5f00, 0, 0, 0], 16), "reserved"),
];

/// All that is given out of IPv6: the unspecified, loopback, local and multicast addresses lie
/// outside.
const PUBLIC_V6: Network = Network::v6([0x2000, 0, 0, 0], 3);
const NAT64: Network = Network::v6([0x64, 0xff9b, 0, 0], 96);

/// Why `address` is not to be connected to; none: it may be.
pub(super) fn refusal(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(_) => listed(address),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => listed(IpAddr::V4(v4)).or_else(|| outside(v6)),
            None => listed(address).or_else(|| outside(v6)),
        },
    }
}

fn listed(address: IpAddr) -> Option<&'static str> {
    let refused = |(network, _): &&(Network, _)| network.contains(address);
    REFUSED.iter().find(refused).map(|(_, why)| *why)
}

fn outside(address: Ipv6Addr) -> Option<&'static str> {
    let public = PUBLIC_V6.contains(address.into()) || NAT64.contains(address.into());
    let mapped = address.to_ipv4_mapped().is_some();
    (!public && !mapped).then_some("not public")
}

/// The IPv4 address that packets to this one end at: mapped, behind NAT64, 6to4 or ISATAP.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let groups = address.segments();
    let pair = |at: usize| {
        let [high, low] = [groups[at], groups[at + 1]].map(u16::to_be_bytes);
        Ipv4Addr::new(high[0], high[1], low[0], low[1])
    };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    if NAT64.contains(address.into()) || (groups[4] & !0x0200 == 0 && groups[5] == 0x5efe) {
        return Some(pair(6));
    }
    (groups[0] == 0x2002).then(|| pair(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_refused(text: &str) -> bool {
        refusal(text.parse().unwrap()).is_some()
    }

    #[test]
    fn the_public_internet_is_open() {
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "64:ff9b::808:808",
            "::ffff:8.8.8.8",
            "2002:808:808::1",
        ] {
            assert!(!is_refused(public), "{public}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for other in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:1::1",
            "2606:4700::200:5efe:a00:1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(is_refused(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn an_ipv4_address_is_judged_alike_in_every_ipv6_wrapping(bits: u32) {
            let v4 = Ipv4Addr::from(bits);
            let [a, b] = [(bits >> 16) as u16, bits as u16];
            let direct = refusal(IpAddr::V4(v4)).is_some();
            for wrapped in [
                v4.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b),
                Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0, 0x5efe, a, b),
            ] {
                prop_assert_eq!(refusal(IpAddr::V6(wrapped)).is_some(), direct, "{}", wrapped);
            }
        }

        #[test]
        fn whatever_the_standard_library_calls_local_is_refused(bits: u128) {
            let (v4, v6) = (Ipv4Addr::from(bits as u32), Ipv6Addr::from(bits));
            let local = v4.is_private() || v4.is_loopback() || v4.is_link_local()
                || v4.is_multicast() || v4.is_broadcast() || v4.is_documentation()
                || v4.is_unspecified();
            prop_assert!(!local || refusal(v4.into()).is_some(), "{}", v4);
            let local = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast()
                || v6.is_unique_local() || v6.is_unicast_link_local();
            prop_assert!(!local || refusal(v6.into()).is_some(), "{}", v6);
        }
    }
}
