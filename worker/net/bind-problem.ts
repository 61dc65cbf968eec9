import type { PolicyDocument, Problem } from "#core/contract/policy-document.ts";
import { endpoint } from "./client-address.ts";

const reasons: Record<string, string> = {
  EADDRINUSE: "the port is taken by another program: stop it, or choose another port",
  EACCES: "this user may not bind it: choose a port from 1024 on, or give the worker CAP_NET_BIND_SERVICE",
  EADDRNOTAVAIL: "this machine has no such address",
  EAFNOSUPPORT: "this machine does not speak that kind of address",
};

/** Why an address cannot be bound and what to do. */
export class CannotBind extends Error {
  constructor(what: string, wanted: { address: string; port: number }, error: NodeJS.ErrnoException) {
    super(`${what}${bindWords(wanted, error)}`);
  }
}

function bindWords({ address, port }: { address: string; port: number }, error: NodeJS.ErrnoException): string {
  return `${endpoint(address, port)} cannot be bound: ${reasons[error.code ?? ""] ?? error.message}`;
}

/** What a policy document says wrongly when one of its listeners cannot be bound. */
export function bindProblem(
  document: PolicyDocument,
  wanted: { address: string; port: number },
  error: NodeJS.ErrnoException,
): Problem {
  return { path: pathOf(document, wanted), code: "listener", message: bindWords(wanted, error) };
}

function pathOf(document: PolicyDocument, wanted: { address: string; port: number }): (string | number)[] {
  for (const [policyIndex, policy] of document.policies.entries()) {
    const index = policy.listen.findIndex(({ address, port }) => address === wanted.address && port === wanted.port);
    if (policy.enabled && index !== -1) return ["policies", policyIndex, "listen", index];
  }
  return ["policies"];
}
