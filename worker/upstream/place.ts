import { connect, isIPv6, type Socket } from "node:net";
import type { Target } from "#core/contract/policy-document.ts";
import { endpoint } from "../net/client-address.ts";

/** A server to connect to: by its name, or at an address that its name was found to have. */
export type Place = { host: string; port: number; address: string | null };

/** A target as it is written. */
export function placeOf({ host, port }: Target): Place {
  return { host, port, address: null };
}

/** For events and reports: `host:port`, `host[address]:port` where the address was looked up. */
export function placeName({ host, port, address }: Place): string {
  return address === null || address === host ? endpoint(host, port) : `${host}[${address}]:${port}`;
}

/** `sourceAddress`: the local address to connect from, or null: the system's choice. */
export function openSocket({ host, port, address }: Place, sourceAddress: string | null): Socket {
  const from = sourceAddress === null ? {} : { localAddress: sourceAddress, family: isIPv6(sourceAddress) ? 6 : 4 };
  return connect({ host: address ?? host, port, noDelay: true, ...from });
}

/**
 * The order in which targets are tried: lower priority first; among equals each next one is drawn by weight, so that
 * the first one, which takes the connection when it is up, is each target's turn in proportion (as RFC 2782 draws SRV records).
 * `random` gives numbers from 0 up to but not 1.
 */
export function orderTargets(targets: readonly Target[], random: () => number): Place[] {
  const left = targets.toSorted((a, b) => a.priority - b.priority);
  const order: Place[] = [];
  for (let [first] = left; first !== undefined; [first] = left) {
    const { priority } = first;
    const equals = left.filter((target) => target.priority === priority);
    const drawn = equals[drawByWeight(equals, random)] ?? first;
    left.splice(left.indexOf(drawn), 1);
    order.push({ host: drawn.host, port: drawn.port, address: null });
  }
  return order;
}

function drawByWeight(targets: readonly Target[], random: () => number): number {
  if (targets.length === 1) return 0;
  let rest = random() * targets.reduce((sum, { weight }) => sum + weight, 0);
  return targets.findIndex(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
}
