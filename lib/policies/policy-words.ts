import type { Policy } from "#core/contract/policy-document.ts";

/** A policy in one line: `smtp from External to Trusted over inside, on 0.0.0.0:25, with Mail in`. */
export function policyWords({ protocol, from, to, listen, proxyAction }: Policy): string {
  const listeners = listen.map(({ address, port }) =>
    address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return `${protocol} from ${from.interface} to ${to.interface} over ${to.route}, on ${listeners.join(", ")}, with ${proxyAction}`;
}
