import type { List, Policy, PolicyDocument } from "#core/contract/policy-document.ts";
import type { Add } from "./finding.ts";
import { type Network, networkContains, networksOf } from "./test-implication.ts";

/** Pairs of networks that may be compared; past it nothing more is claimed. */
const comparisonsMax = 200_000;

type Earlier = { policy: Policy; i: number };

/** Policies to which no connection comes: on each of their listeners earlier ones take all sources that they would, at any time. */
export function lintReach(document: PolicyDocument, add: Add): void {
  const sources = new Sources(document.lists);
  const byListener = new Map<string, Earlier[]>();
  document.policies.forEach((policy, i) => {
    if (!policy.enabled) return;
    const takers = policy.listen.map((listen) =>
      byListener.get(keyOf(listen))?.find((earlier) => sources.takesAllOf(earlier.policy, policy)),
    );
    const [first] = takers;
    if (first !== undefined && takers.every((taker) => taker !== undefined)) {
      const names = [...new Set(takers.map((taker) => `"${taker.policy.name}"`))].join(" and ");
      add({
        code: "policy-unreachable",
        severity: "warning",
        path: ["policies", i],
        related: ["policies", first.i],
        what: `No connection comes to the policy "${policy.name}": ${names} before it takes all sources on the same listeners.`,
        why: "The first policy that admits the source takes the connection; this one's rules and routes are never used.",
        doThis: "Move it up, give the earlier one sources or a schedule, or delete it.",
        source: null,
      });
    }
    for (const listen of policy.listen) {
      const key = keyOf(listen);
      byListener.set(key, [...(byListener.get(key) ?? []), { policy, i }]);
    }
  });
}

function keyOf({ address, port }: Policy["listen"][number]): string {
  return `${address} ${port}`;
}

class Sources {
  readonly #lists: ReadonlyMap<string, List>;
  readonly #networks = new WeakMap<Policy, readonly Network[]>();
  #comparisonsLeft = comparisonsMax;

  constructor(lists: readonly List[]) {
    this.#lists = new Map(lists.map((list) => [list.name, list]));
  }

  /** Whether the earlier policy admits every source of the later one whenever that does. */
  takesAllOf(earlier: Policy, later: Policy): boolean {
    if (earlier.schedule !== undefined) return false;
    if (isForAll(earlier)) return true;
    if (isForAll(later)) return false;
    const [outer, inner] = [this.#of(earlier), this.#of(later)];
    this.#comparisonsLeft -= outer.length * inner.length;
    if (this.#comparisonsLeft < 0) return false;
    return inner.every((network) => outer.some((wider) => networkContains(wider, network)));
  }

  #of(policy: Policy): readonly Network[] {
    const { sources, sourceLists } = policy.from;
    const known = this.#networks.get(policy);
    if (known !== undefined) return known;
    const texts = [...sources, ...sourceLists.flatMap((name) => this.#lists.get(name)?.entries ?? [])];
    const made = networksOf(texts);
    this.#networks.set(policy, made);
    return made;
  }
}

function isForAll({ from }: Policy): boolean {
  return from.sources.length === 0 && from.sourceLists.length === 0;
}
