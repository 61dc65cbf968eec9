import { describe, expect, it } from "vitest";
import { directionProblem, directionWords } from "#components/policies/direction-words.ts";

const external = { name: "Internet", zone: "external" } as const;
const trusted = { name: "Office", zone: "trusted" } as const;
const optional = { name: "Servers", zone: "optional" } as const;

describe("what a policy is for", () => {
  it("of POP3 is told by who fetches from where", () => {
    expect(directionWords("pop3", trusted, external)).toBe(
      "Outgoing: people on Office fetch their mail from a provider's server on Internet.",
    );
    expect(directionWords("pop3", external, optional)).toBe(
      "Incoming: people on Internet fetch their mail from our server on Servers.",
    );
    expect(directionWords("pop3", trusted, optional)).toBe(
      "Between two sides: people on Office fetch their mail from a server on Servers.",
    );
  });

  it("of SMTP is told by who sends where", () => {
    expect(directionWords("smtp", external, trusted)).toMatch(/^Incoming: servers on Internet send/);
    expect(directionWords("smtp", trusted, external)).toMatch(/^Outgoing: servers and people on Office send/);
  });

  it("makes a proxy action of the other direction odd, and none between two sides inside", () => {
    const words = "It is made for outgoing mail, and this policy is incoming.";
    expect(directionProblem("outgoing", external, trusted)).toBe(words);
    expect(directionProblem("incoming", external, trusted)).toBeNull();
    expect(directionProblem("outgoing", trusted, optional)).toBeNull();
    expect(directionProblem(undefined, external, trusted)).toBeNull();
  });

  it("is not told while a side is not chosen", () => {
    expect(directionWords("pop3", external, undefined)).toBeNull();
    expect(directionWords("pop3", undefined, external)).toBeNull();
  });
});
