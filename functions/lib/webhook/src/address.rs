//! Which addresses are public. Only those may be called for a client of the API.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks that are not public, each with what it is: IANA's registries of special-purpose
/// addresses, and the addresses that clouds use for their own services.
const NOT_PUBLIC: &[(IpNet, &str)] = &[
    (v4([0, 0, 0, 0], 8), "this network"),
    (v4([10, 0, 0, 0], 8), "private"),
    (v4([100, 64, 0, 0], 10), "shared address space"),
    (v4([127, 0, 0, 0], 8), "loopback"),
    (v4([168, 63, 129, 16], 32), "cloud platform"),
    (v4([169, 254, 0, 0], 16), "link-local"),
    (v4([172, 16, 0, 0], 12), "private"),
    (v4([192, 0, 0, 0], 24), "reserved"),
    (v4([192, 0, 2, 0], 24), "documentation"),
    (v4([192, 88, 99, 0], 24), "6to4 relay"),
    (v4([192, 168, 0, 0], 16), "private"),
    (v4([198, 18, 0, 0], 15), "benchmarking"),
    (v4([198, 51, 100, 0], 24), "documentation"),
    (v4([203, 0, 113, 0], 24), "documentation"),
    (v4([224, 0, 0, 0], 4), "multicast"),
    (v4([240, 0, 0, 0], 4), "reserved"),
    (v6([0x2001, 0, 0, 0], 23), "reserved"),
    (v6([0x2001, 0xdb8, 0, 0], 32), "documentation"),
    (v6([0x3fff, 0, 0, 0], 20), "documentation"),
    (v6([0x5f00, 0, 0, 0], 16), "reserved"),
];

/// The only part of IPv6 that is allocated for the public internet. Unspecified, loopback, local
/// and multicast addresses lie outside.
const GLOBAL_UNICAST: IpNet = v6([0x2000, 0, 0, 0], 3);
const NAT64: IpNet = v6([0x64, 0xff9b, 0, 0], 96);

const fn v4([a, b, c, d]: [u8; 4], prefix_bits: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix_bits))
}

/// The network of the first four groups; the others are zero.
const fn v6([a, b, c, d]: [u16; 4], prefix_bits: u8) -> IpNet {
    let address = Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0);
    IpNet::V6(Ipv6Net::new_assert(address, prefix_bits))
}

/// What `address` is if it is not public.
pub(crate) fn non_public_kind(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(_) => listed_kind(address),
        IpAddr::V6(v6) => match embedded_v4(v6) {
            Some(v4) => listed_kind(IpAddr::V4(v4)).or_else(|| unallocated_kind(v6)),
            None => listed_kind(address).or_else(|| unallocated_kind(v6)),
        },
    }
}

fn listed_kind(address: IpAddr) -> Option<&'static str> {
    let listed = NOT_PUBLIC
        .iter()
        .find(|(network, _)| network.contains(&address));
    listed.map(|(_, kind)| *kind)
}

fn unallocated_kind(address: Ipv6Addr) -> Option<&'static str> {
    let networks = [GLOBAL_UNICAST, NAT64];
    let is_allocated = networks
        .iter()
        .any(|network| network.contains(&IpAddr::V6(address)));
    let is_mapped = address.to_ipv4_mapped().is_some();
    (!is_allocated && !is_mapped).then_some("not allocated")
}

/// The IPv4 address that packets to this one reach: IPv4-mapped, NAT64, 6to4 or ISATAP. Without
/// it, `::ffff:127.0.0.1` and its like would be a way around the table.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let groups = address.segments();
    let pair = |at: usize| {
        let [high, low] = [groups[at], groups[at + 1]].map(u16::to_be_bytes);
        Ipv4Addr::new(high[0], high[1], low[0], low[1])
    };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    if NAT64.contains(&IpAddr::V6(address)) || (groups[4] & !0x0200 == 0 && groups[5] == 0x5efe) {
        return Some(pair(6));
    }
    (groups[0] == 0x2002).then(|| pair(1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_public(text: &str) -> bool {
        non_public_kind(text.parse().unwrap()).is_none()
    }

    #[test]
    fn public_addresses_may_be_called() {
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
            assert!(is_public(public), "{public}");
        }
    }

    #[test]
    fn no_other_address_is_public() {
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
            assert!(!is_public(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn an_ipv4_address_is_judged_alike_in_every_ipv6_wrapping(bits: u32) {
            let v4 = Ipv4Addr::from(bits);
            let [a, b] = [(bits >> 16) as u16, bits as u16];
            let direct = non_public_kind(IpAddr::V4(v4)).is_some();
            for wrapped in [
                v4.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a, b),
                Ipv6Addr::new(0x2002, a, b, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0, 0x5efe, a, b),
            ] {
                prop_assert_eq!(non_public_kind(IpAddr::V6(wrapped)).is_some(), direct, "{}", wrapped);
            }
        }

        #[test]
        fn what_the_standard_library_calls_local_is_not_public(bits: u128) {
            let (v4, v6) = (Ipv4Addr::from(bits as u32), Ipv6Addr::from(bits));
            let local = v4.is_private() || v4.is_loopback() || v4.is_link_local()
                || v4.is_multicast() || v4.is_broadcast() || v4.is_documentation()
                || v4.is_unspecified();
            prop_assert!(!local || non_public_kind(v4.into()).is_some(), "{}", v4);
            let local = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast()
                || v6.is_unique_local() || v6.is_unicast_link_local();
            prop_assert!(!local || non_public_kind(v6.into()).is_some(), "{}", v6);
        }
    }
}
