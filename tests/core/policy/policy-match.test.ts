import { describe, expect, it } from "vitest";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";
import { smtpDocument } from "../../support/policy-documents.ts";

const base = smtpDocument({ ports: [2525] });
const [policy] = base.policies;
const listen = { address: "127.0.0.1", port: 2525 };
const lists = [
  { name: "Partners", kind: "networks", entries: ["192.0.2.0/24"] },
  { name: "Nobody", kind: "networks", entries: [] },
  { name: "Domains", kind: "domains", entries: ["example.com"] },
];

function documentWith(...policies: object[]) {
  const named = policies.map((changes, i) => ({ ...policy, name: `Policy ${i + 1}`, ...changes }));
  return policyDocumentSchema.parse({ ...base, lists, policies: named });
}

function problemsOf(...policies: object[]): string[] {
  const result = compilePolicy(documentWith(...policies));
  return result.ok ? [] : result.problems.map(({ code, path, message }) => `${code} ${path.join(".")}: ${message}`);
}

function admits(from: object, address: string): boolean | undefined {
  const result = compilePolicy(documentWith({ from: { interface: "External", ...from } }));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy.listeners[0]?.policies[0]?.admits(address, 0);
}

describe("sources of a policy", () => {
  it("are its networks and those of its lists; none named is every source, and an empty list is nobody", () => {
    expect(admits({}, "203.0.113.1")).toBe(true);
    const both = { sources: ["198.51.100.7"], sourceLists: ["Partners"] };
    expect(["198.51.100.7", "::ffff:192.0.2.9", "203.0.113.1"].map((address) => admits(both, address))).toEqual([
      true,
      true,
      false,
    ]);
    expect(admits({ sourceLists: ["Nobody"] }, "192.0.2.1")).toBe(false);
  });

  it("come from lists that exist and hold networks", () => {
    expect(problemsOf({ from: { interface: "External", sourceLists: ["Gone", "Domains"] } })).toEqual([
      'unknown-name policies.0.from.sourceLists.0: there is no list "Gone"',
      'wrong-kind policies.0.from.sourceLists.1: the list "Domains" holds domains, not networks',
    ]);
  });
});

describe("PROXY protocol peers of a listener", () => {
  it("are networks, and the same in every policy that shares it, in whatever order", () => {
    const peers = (...proxyProtocolFrom: string[]) => ({ listen: [{ ...listen, proxyProtocolFrom }] });
    expect(problemsOf(peers("192.0.2.1", "192.0.2.2"), peers("192.0.2.2", "192.0.2.1"))).toEqual([]);
    expect(problemsOf(peers("192.0.2.1"), peers())).toEqual([
      'listener policies.1.listen.0.proxyProtocolFrom: 127.0.0.1 port 2525 has other PROXY protocol peers in policy "Policy 1"',
    ]);
    expect(problemsOf(peers("balancer"))[0]).toMatch(/^bad-network policies\.0\.listen\.0\.proxyProtocolFrom/);
  });
});

it("what decides who may connect is written so that reading it again gives the same", () => {
  const first = documentWith({
    from: { interface: "External", sourceLists: ["Partners"] },
    schedule: { timeZone: "Europe/Berlin", windows: [{ days: ["mon"], from: "22:00", to: "06:00" }] },
    disposition: "refuse-521",
    listen: [{ ...listen, proxyProtocolFrom: ["192.0.2.0/24"] }],
  });
  expect(readPolicyDocument(writePolicyDocument(first))).toEqual({ ok: true, document: first });
});
