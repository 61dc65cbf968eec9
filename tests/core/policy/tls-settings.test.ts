import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listenTlsSchema, routeTlsSchema } from "#core/contract/tls.ts";
import { compilePolicy } from "#core/policy/compile.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";

const text = readFileSync(new URL("../../fixtures/policies/client-fleet.yaml", import.meta.url), "utf8");
const listener = "port: 2525 }";

function withListenTls(tls: string): string {
  const changed = text.replace(listener, `port: 2525, tls: ${tls} }`);
  expect(changed).not.toBe(text);
  return changed;
}

function problemsOf(document: string): string[] {
  const result = readPolicyDocument(document);
  return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path.join(".")}`);
}

describe("TLS settings of a policy", () => {
  it("are absent from a document that does not name them, and mean clear text", () => {
    const result = readPolicyDocument(text);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(JSON.stringify(result.document)).not.toContain('"tls":');
    const compiled = compilePolicy(result.document);
    expect(compiled.ok && compiled.policy.listeners.map(({ tls }) => tls)).toEqual([null, null]);
  });

  it("are written so that reading them again gives the same", () => {
    const fingerprint = "AB:".repeat(31).concat("CD");
    const document = withListenTls("{ mode: required, certificates: [mx, other], profile: modern }").replace(
      "delivery: inline,",
      `delivery: inline, tls: { mode: required, verify: fingerprint, fingerprints: ["${fingerprint}"] },`,
    );
    const first = readPolicyDocument(document);
    if (!first.ok) throw new Error(JSON.stringify(first.problems));
    expect(first.document.routes[0]).toMatchObject({ tls: { fingerprints: [`${"ab".repeat(31)}cd`] } });
    expect(readPolicyDocument(writePolicyDocument(first.document))).toEqual(first);
  });

  it("are those of a POP3 listener too", () => {
    const document = text.replace("port: 2110 }", "port: 2110, tls: { mode: implicit, certificates: [mx] } }");
    expect(problemsOf(document)).toEqual([]);
  });

  it("must be the same in every policy that shares a listener", () => {
    const document = withListenTls("{ mode: allowed, certificates: [mx] }");
    const second = /( {2}- \{ name: In, .*)\n/.exec(text)?.[1]?.replace("name: In", "name: In too") ?? "";
    expect(problemsOf(`${document}${second}\n`)).toEqual(["listener policies.2.listen.0.tls"]);
  });

  it.each([{ mode: "required" }, { mode: "implicit", certificates: [] }, { mode: "sometimes", certificates: ["mx"] }])(
    "a listener refuses %j",
    (tls) => expect(listenTlsSchema.safeParse(tls).success).toBe(false),
  );

  it.each([
    { mode: "required", verify: "fingerprint" },
    { mode: "required", verify: "fingerprint", fingerprints: ["abcd"] },
    { mode: "required", serverName: "a b" },
    { mode: "required", key: "-----BEGIN PRIVATE KEY-----" },
  ])("a route refuses %j", (tls) => expect(routeTlsSchema.safeParse(tls).success).toBe(false));
});
