import { expect, test } from "vitest";
import type { Credential } from "#core/contract/credential.ts";
import { policyDocumentSchema } from "#core/contract/policy-document.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { credentialProblems } from "#worker/credentials/credential-problems.ts";

const password = { kind: "password", password: "secret-canary" } as const;
const credentials: Credential[] = [
  { ...password, name: "hub", user: "gate" },
  { ...password, name: "joe", user: "joe@example.test", clientPassword: "client-canary" },
  { ...password, name: "joe again", user: "Joe@Example.test", clientPassword: "client-canary" },
];

function problems(...routes: Record<string, unknown>[]) {
  const targets = [{ host: "mail.test", port: 110 }];
  const document = { version: 1, routes: routes.map((route, n) => ({ name: `route ${n}`, targets, ...route })) };
  const compiled = compilePolicy(policyDocumentSchema.parse(document));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled));
  return credentialProblems(compiled.policy, (name) => credentials.find((one) => one.name === name) ?? null);
}
const bridge = (...names: string[]) => ({ protocol: "pop3", bridge: { credentials: names } });

test("a policy that names what the worker has is applied", () => {
  expect(problems({ protocol: "smtp", credential: "hub" }, bridge("joe"), bridge("joe again"))).toEqual([]);
});

test("a credential that the worker has not got is told with its place, for SMTP and in a bridge", () => {
  expect(problems({ protocol: "smtp", credential: "none" }, bridge("joe", "gone"))).toMatchObject([
    { path: ["routes", 0, "credential"], code: "unknown-name", message: expect.stringContaining('"none"') },
    {
      path: ["routes", 1, "bridge", "credentials", 1],
      code: "unknown-name",
      message: expect.stringContaining('"gone"'),
    },
  ]);
});

test("a bridged credential without a password for clients, and two of one user, are told in words without a secret", () => {
  const found = problems(bridge("hub", "joe", "joe again"));
  expect(found).toMatchObject([
    {
      path: ["routes", 0, "bridge", "credentials", 0],
      message: expect.stringMatching(/no password for mail programs/),
    },
    {
      path: ["routes", 0, "bridge", "credentials", 2],
      message: expect.stringMatching(/"joe" and "joe again" are both/),
    },
  ]);
  expect(JSON.stringify(found)).not.toContain("canary");
});
