import { describe, expect, it } from "vitest";
import { readPolicyDocument } from "#core/policy/read-document.ts";

function problems(text: string): string[] {
  const read = readPolicyDocument(text);
  return read.ok ? [] : read.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

function inRule(rule: string): string[] {
  return problems(`
version: 1
dictionaries: [{ name: PCI, entries: [{ classifier: payment-card }] }]
notices: [{ name: gone, text: "%(filename)% is gone" }]
proxyActions:
  - name: In
    protocol: smtp
    direction: incoming
    rulesets:
      attachment:
        rules:
          - { name: r, ${rule} }
`);
}

describe("a document's content", () => {
  it("may name the scanners, dictionaries and notices that it has", () => {
    expect(inRule("when: { dictionary: { is: pci } }, action: { strip: { notice: gone } }")).toEqual([]);
  });

  it("is refused where it names others", () => {
    expect(inRule("action: { lock: { notice: missing } }")).toEqual([
      'proxyActions.0.rulesets.attachment.rules.0.action.notice: there is no notice "missing"',
    ]);
    expect(inRule("when: { dictionary: { in: [PCI, HIPAA] } }, action: strip")).toEqual([
      'proxyActions.0.rulesets.attachment.rules.0.when.dictionary: dictionary is never "HIPAA": there are PCI',
    ]);
    const scanners =
      "version: 1\nproxyActions: [{ name: In, protocol: smtp, direction: incoming, content: { scanners: [av] } }]";
    expect(problems(scanners)).toEqual(['proxyActions.0.content.scanners.0: there is no scanner "av"']);
  });

  it("is refused where a rule waits for a value that a fact never has", () => {
    const [problem] = inRule("when: { trait: { is: macro } }, action: strip");
    expect(problem).toMatch(/trait is never "macro": there are ambiguous, /);
  });

  it("is refused with a variable that notices do not have, or a pattern that is none", () => {
    const text = 'version: 1\nnotices: [{ name: n, text: "%(file)%" }]';
    expect(problems(text).join()).toMatch(/^notices\.0\.text: %\(file\)%: there is no such variable; use %\(reason\)%/);
    const classifier =
      "version: 1\nscanners: []\ndictionaries: [{ name: d, entries: [{ word: a }, { classifier: nothing }] }]";
    expect(problems(classifier).join()).toMatch(/^dictionaries\.0\.entries\.1\.classifier: /);
    const pattern = 'version: 1\ndictionaries: [{ name: d, entries: [{ pattern: "(" }] }]';
    expect(problems(pattern).join()).toMatch(/^dictionaries\.0\.entries\.0\.pattern: /);
  });
});
