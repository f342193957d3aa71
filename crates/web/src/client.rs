//! The client's address: the connection's, unless a trusted proxy says otherwise.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr};

/// The address the request came from. Only a trusted proxy's `X-Forwarded-For` counts, and of it the last
/// entry that is not itself a trusted proxy; every other forwarding header is ignored.
pub fn address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let trusts = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
    let mut seen = peer.to_canonical();
    if !trusts(seen) {
        return seen;
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .collect();
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(ip) = entry.trim().parse::<IpAddr>() else {
            return seen;
        };
        seen = ip.to_canonical();
        if !trusts(seen) {
            return seen;
        }
    }
    seen
}

/// The network that is throttled as one: IPv4 /24, IPv6 /64.
pub fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &'static str) -> HeaderMap {
        let mut map = HeaderMap::new();
        map.insert("x-forwarded-for", value.parse().unwrap());
        map
    }

    #[test]
    fn client_ip_comes_from_trusted_hops() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(
            address(ip("9.9.9.9"), &headers("1.2.3.4"), &trusted),
            ip("9.9.9.9")
        );
        assert_eq!(address(proxy, &headers("1.2.3.4"), &trusted), ip("1.2.3.4"));
        assert_eq!(
            address(proxy, &headers("6.6.6.6, 1.2.3.4, 10.0.0.7"), &trusted),
            ip("1.2.3.4")
        );
        assert_eq!(address(proxy, &headers("spoof, 1.2.3.4"), &[]), proxy);
        assert_eq!(address(proxy, &headers("nonsense"), &trusted), proxy);
        assert_eq!(network(ip("1.2.3.4")), "1.2.3.0/24");
        assert_eq!(network(ip("2001:db8:1:2:3::9")), "2001:db8:1:2::/64");
        assert_eq!(network(ip("::ffff:1.2.3.4")), "1.2.3.0/24");
    }
}
