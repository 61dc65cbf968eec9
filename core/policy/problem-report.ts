import type { Problem } from "#core/contract/policy-document.ts";
import { readNetwork } from "#core/match/network-set.ts";

export type Path = Problem["path"];
export type Report = (path: Path, code: Problem["code"], message: string) => void;

/** Reports every name that stands twice; the path is the second one's. */
export function checkNames(items: readonly { name: string }[], path: Path, report: Report): void {
  const seen = new Set<string>();
  items.forEach(({ name }, i) => {
    if (seen.has(name))
      report([...path, i, "name"], "duplicate-name", `the name "${name}" is taken: give this one another`);
    seen.add(name);
  });
}

export function checkNetworks(networks: readonly string[], path: Path, report: Report): void {
  networks.forEach((network, i) => {
    if (readNetwork(network) !== null) return;
    report([...path, i], "bad-network", `"${network}" is no network: write 192.0.2.0/24, 2001:db8::/32 or one address`);
  });
}
