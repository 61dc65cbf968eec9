import { describe, expect, it } from "vitest";
import { type CapabilityRules, commonCapabilities, filterCapabilities } from "#core/pop3/capa.ts";

const everything: CapabilityRules = {
  allows: () => true,
  mechanisms: ["PLAIN", "LOGIN", "CRAM-MD5"],
  userPass: true,
  stls: false,
  pipelining: true,
  implementation: true,
};
const filter = (lines: string[], rules: Partial<CapabilityRules> = {}) =>
  filterCapabilities(lines, { ...everything, ...rules });

const server = [
  ...["TOP", "user", "SASL PLAIN login X-OWN", "STLS", "UIDL", "EXPIRE 60 USER", "LOGIN-DELAY 900", "UTF8 USER"],
  ...["LANG", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "IMPLEMENTATION Dovecot", "XFOO"],
];

describe("the capabilities", () => {
  it("are those of the server that hold through us, as it wrote them", () => {
    expect(filter(server)).toEqual([
      ...["TOP", "user", "SASL PLAIN LOGIN", "UIDL", "EXPIRE 60 USER", "LOGIN-DELAY 900", "UTF8 USER"],
      ...["LANG", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "IMPLEMENTATION Dovecot"],
    ]);
  });

  it("are never more than the server's, but for STLS, which is ours", () => {
    expect(filter([])).toEqual([]);
    expect(filter(["UIDL"], { stls: true })).toEqual(["UIDL", "STLS"]);
    expect(filter(["STLS", "stls"], { stls: true })).toEqual(["STLS"]);
  });

  it("leave out a command that the policy does not let pass", () => {
    const without = (denied: string) => filter(server, { allows: (verb) => verb !== denied });
    expect(without("TOP")).not.toContain("TOP");
    expect(without("AUTH").join()).not.toContain("SASL");
    expect(without("UTF8").join()).not.toContain("UTF8");
    expect(without("LANG")).not.toContain("LANG");
  });

  it("have only mechanisms that may be used now, and no SASL without one", () => {
    expect(filter(["SASL PLAIN CRAM-MD5"], { mechanisms: ["CRAM-MD5"] })).toEqual(["SASL CRAM-MD5"]);
    expect(filter(["SASL PLAIN", "UIDL"], { mechanisms: ["CRAM-MD5"] })).toEqual(["UIDL"]);
    expect(filter(["SASL"])).toEqual([]);
  });

  it.each([
    ["USER", { userPass: false }],
    ["PIPELINING", { pipelining: false }],
    ["IMPLEMENTATION Dovecot", { implementation: false }],
  ])("lose %s where it is not to be shown", (line, rules) => {
    expect(filter([line, "UIDL"])).toEqual([line, "UIDL"]);
    expect(filter([line, "UIDL"], rules)).toEqual(["UIDL"]);
  });
});

describe("what several servers have in common", () => {
  it("are the lines that all have, and the mechanisms that all know", () => {
    expect(
      commonCapabilities([
        ["USER", "TOP", "SASL PLAIN LOGIN CRAM-MD5", "EXPIRE 60", "UIDL"],
        ["uidl", "SASL login plain", "USER", "EXPIRE NEVER"],
      ]),
    ).toEqual(["USER", "SASL PLAIN LOGIN", "UIDL"]);
  });

  it("is nothing of no servers, and all of one", () => {
    expect(commonCapabilities([])).toEqual([]);
    expect(commonCapabilities([["UIDL", "SASL PLAIN"]])).toEqual(["UIDL", "SASL PLAIN"]);
  });
});
