import { describe, expect, it } from "vitest";
import { emptyWords, factChoices } from "#components/rules/editor/fact-choices.ts";
import { facts } from "#core/contract/facts.ts";
import { pop3Commands } from "#core/contract/pop3-commands.ts";
import { pop3States } from "#core/pop3/states.ts";

describe("the readings that the rule editor offers", () => {
  it("are every command of a POP3 session", () => {
    const spoken = new Set(Object.values(pop3States).flatMap((row) => Object.keys(row)));
    expect([...spoken].filter((verb) => !pop3Commands.some((known) => known === verb))).toEqual([]);
  });

  it("have USER and APOP among the logins of POP3 only", () => {
    expect(factChoices("authMechanism", "pop3")).toEqual(expect.arrayContaining(["USER", "APOP", "XOAUTH2"]));
    expect(factChoices("authMechanism", "smtp")).not.toContain("USER");
  });

  it("are those of the contract where it names them, and any text elsewhere", () => {
    expect(factChoices("trait", "pop3")).toBe(facts.trait.values);
    expect(factChoices("userDomain", "pop3")).toBeNull();
  });

  it("say what it means that there is no TLS or no login", () => {
    expect(emptyWords("tls")).toBe("none: in clear text");
    expect(emptyWords("authMechanism")).toBe("none: not logged in");
    expect(emptyWords("command")).toBeNull();
  });
});
