import { describe, expect, it } from "vitest";
import { diffDocuments } from "#core/policy/diff.ts";
import { readPolicyDocument } from "#core/policy/read-document.ts";
import { writePolicyDocument } from "#core/policy/write-document.ts";

const mailboxes = `version: 1
interfaces:
  - name: Trusted
    zone: trusted
lists: []
routes:
  - name: provider
    protocol: pop3
    targets:
      - host: pop.example.com
        port: 995
    tls:
      mode: implicit
      verify: ca
      fingerprints: []
    bridge:
      credentials:
        - scanner
  - name: own
    protocol: pop3
    targets:
      - host: 192.0.2.1
        port: 110
    sourceAddress: 192.0.2.2
    healthCheckMs: 60000
proxyActions:
  - name: Fetch
    protocol: pop3
    direction: outgoing
    limits:
      loginFailuresMax: 3
    settings:
      auth:
        apop: false
      deletion:
        allow: after-days
policies:
  - name: Fetch
    protocol: pop3
    from:
      interface: Trusted
    to:
      interface: Trusted
      route: provider
      userRoutes:
        - domain:
            is: example.test
          route: own
      serverChoice:
        servers:
          - server: pop.example.com
            route: provider
    listen:
      - address: 127.0.0.1
        port: 2110
    proxyAction: Fetch
`;

const documentOf = (text: string) => {
  const result = readPolicyDocument(text);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
};

describe("the written form of POP3", () => {
  it("leaves out what is the default, and is what was read", () => {
    expect(writePolicyDocument(documentOf(mailboxes))).toBe(mailboxes);
  });

  it("shows what is not the default", () => {
    const others = mailboxes
      .replace("        - scanner\n", "        - scanner\n      others: refuse\n")
      .replace("      serverChoice:\n", '      serverChoice:\n        separator: "#"\n');
    expect(writePolicyDocument(documentOf(others))).toBe(others);
  });
});

describe("the difference between two POP3 policies, in words", () => {
  const details = (change: (text: string) => string) =>
    diffDocuments(documentOf(mailboxes), documentOf(change(mailboxes))).flatMap(({ words, details: lines }) => [
      words,
      ...lines,
    ]);

  it.each<[string, (text: string) => string, string[]]>([
    [
      "the bridge",
      (text) => text.replace("- scanner", "- printer"),
      ['route "provider" changed', "bridge.credentials: scanner → printer"],
    ],
    [
      "a health check that is gone",
      (text) => text.replace("    healthCheckMs: 60000\n", ""),
      ['route "own" changed', "healthCheckMs: 60000 → –"],
    ],
    [
      "deleting",
      (text) => text.replace("after-days", "never"),
      ['proxy action "Fetch" changed', "settings.deletion.allow: after-days → never"],
    ],
    [
      "a route by user",
      (text) => text.replace("is: example.test", "like: '*.test'"),
      ['policy "Fetch" changed', "to.userRoutes: domain is example.test to own → domain is like *.test to own"],
    ],
    [
      "the separator of a choice",
      (text) => text.replace("      serverChoice:\n", '      serverChoice:\n        separator: "#"\n'),
      ['policy "Fetch" changed', "to.serverChoice.separator: % → #"],
    ],
  ])("tells %s", (_, change, words) => {
    expect(details(change)).toEqual(words);
  });

  it("tells of an entry that words leave out", () => {
    const long = (last: string) => documentOf(mailboxes.replace("is: example.test", `in: [a, b, c, ${last}]`));
    expect(diffDocuments(long("d"), long("e"))[0]?.details).toEqual([
      'to.userRoutes: {"domain":{"in":["a","b","c","d"]},"route":"own"} → {"domain":{"in":["a","b","c","e"]},"route":"own"}',
    ]);
  });
});
