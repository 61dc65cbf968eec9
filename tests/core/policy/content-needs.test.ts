import { describe, expect, it } from "vitest";
import { proxyActionSchema } from "#core/contract/policy-document.ts";
import { type ContentNeeds, contentNeeds } from "#core/policy/content-needs.ts";

function needsOf(rulesets: object, more: object = {}, protocol = "smtp"): ContentNeeds {
  return contentNeeds(proxyActionSchema.parse({ name: "x", protocol, direction: "incoming", rulesets, ...more }));
}

const rules = (...given: object[]) => ({ rules: given.map((rule, n) => ({ name: `r${n}`, ...rule })) });
const strip = rules({ when: { fileName: { like: "*.exe" } }, action: "strip" });

describe("what has to be read", () => {
  it("is nothing without rules", () => {
    expect(needsOf({})).toMatchObject({
      header: false,
      attachment: false,
      message: false,
      content: false,
      senderAuth: false,
      hold: { what: "nothing", why: [] },
    });
  });

  it("is names and types for a rule about them, and content only where a rule asks for it", () => {
    expect(needsOf({ attachment: strip })).toMatchObject({ attachment: true, content: false });
    const macros = rules({ when: { any: [{ trait: { is: "macros" } }] }, action: "strip" });
    expect(needsOf({ attachment: macros })).toMatchObject({ attachment: true, content: true });
    const ambiguous = rules({ when: { trait: { in: ["Ambiguous", "partial"] } }, action: "deny" });
    expect(needsOf({ message: ambiguous })).toMatchObject({ header: true, attachment: true, content: false });
    expect(needsOf({ message: rules({ when: { trait: { like: "*" } }, action: "deny" }) }).content).toBe(true);
  });

  it("is everything when scanners judge, whatever the rules say", () => {
    expect(needsOf({}, { content: { scanners: ["av"] } })).toMatchObject({
      attachment: true,
      message: true,
      content: true,
    });
  });

  it("is the sender for a rule, the results line, or a seal", () => {
    expect(needsOf({ message: rules({ when: { spf: { is: "fail" } }, action: "deny" }) }).senderAuth).toBe(true);
    expect(needsOf({ message: rules({ when: { trait: { is: "spoofed" } }, action: "deny" }) }).senderAuth).toBe(true);
    expect(needsOf({}, { settings: { senderAuth: { results: "add" } } }).senderAuth).toBe(true);
    expect(needsOf({ message: rules({ when: { helo: { is: "x" } }, action: "deny" }) }).senderAuth).toBe(false);
  });

  it("leaves out rules that are off, and takes those that observe", () => {
    const spf = { when: { spf: { is: "fail" } }, action: "quarantine" };
    expect(needsOf({ message: rules({ ...spf, state: "off" }) })).toMatchObject({ message: false, senderAuth: false });
    expect(needsOf({ message: rules({ ...spf, state: "observe" }) })).toMatchObject({
      message: true,
      senderAuth: true,
    });
  });
});

describe("what is held", () => {
  it.each([
    ["nothing", { message: rules({ action: "deny" }, { action: "discard" }), attachment: rules({ action: "drop" }) }],
    ["header", { header: rules({ when: { headerName: { is: "X-Old" } }, action: "strip" }) }],
    ["parts", { attachment: strip, header: rules({ action: "strip" }) }],
    ["parts", { attachment: { noneMatched: { action: "lock" } } }],
    ["all", { attachment: rules({ action: "quarantine" }) }],
    ["all", { message: rules({ action: { modify: { tag: "[X]" } } }) }],
    ["all", { message: rules({ action: { redirect: { to: "a@b.test" } } }) }],
  ])("is %s for %j", (what, rulesets) => {
    const { hold } = needsOf(rulesets);
    expect(hold.what).toBe(what);
    expect(hold.why.length > 0).toBe(what !== "nothing");
  });

  it("is nothing for a rule that only observes", () => {
    expect(needsOf({ message: rules({ action: "quarantine", state: "observe" }) }).hold.what).toBe("nothing");
  });

  it("is all where a line of ours stands on top", () => {
    expect(needsOf({}, { settings: { senderAuth: { results: "add" } } }).hold.what).toBe("all");
    expect(needsOf({}, { settings: { senderAuth: { sign: "own-domains" } } }).hold.what).toBe("all");
    const senderAuth = { onSignedModified: "arc-seal", sealWith: "k" };
    const sealed = { settings: { senderAuth } };
    expect(needsOf({ attachment: strip }, sealed).hold.what).toBe("all");
    expect(needsOf({ header: rules({ action: "strip" }) }, sealed).hold.what).toBe("all");
    expect(needsOf({}, { settings: { senderAuth, messageIdHeader: "replace" } }).hold.what).toBe("all");
    expect(needsOf({}, sealed).hold.what).toBe("nothing");
  });
});
