import ipaddr from "ipaddr.js";

/** Where the open internet's IPv6 addresses lie, all of them. What is not from here is one's own, or nobody's. */
const GLOBAL = ipaddr.IPv6.parseCIDR("2000::/3");
/** Therein, for protocols: tunnels, and addresses that the nearest machine answers to, as the own router. */
const PROTOCOLS = ipaddr.IPv6.parseCIDR("2001::/23");
/** NAT64 (RFC 6052): where DNS gives no IPv4 addresses it puts them behind this. Other prefixes for it are private (RFC 8215). */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/** Whether an IP address belongs to the open internet: no own machine, no own network, no metadata service, no way around those. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address in the clothes of an IPv6 one is judged as what it is. Tunnels that carry one (6to4, Teredo) are none of these.
  const plain = ipaddr.process(address);
  if (plain instanceof ipaddr.IPv4) return isPublicIPv4(plain);
  if (plain.match(NAT64)) return isPublicIPv4(new ipaddr.IPv4(plain.toByteArray().slice(12)));
  return plain.match(GLOBAL) && !plain.match(PROTOCOLS) && plain.range() === "unicast";
}

function isPublicIPv4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast";
}
