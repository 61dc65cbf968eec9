import { describe, expect, test } from "vitest";
import type { Action } from "#core/contract/action.ts";
import type { StageDecision } from "#core/policy/decide.ts";
import { asksToRelay, type Mailbox, readPath } from "#core/smtp/path.ts";
import { type Readdressed, readdress } from "#worker/smtp/readdress.ts";
import { seededRandom } from "../../support/seeded-random.ts";

function decision(action: Action): StageDecision {
  const rule = { id: "r1", name: "moved" };
  return {
    stage: "recipient",
    action,
    rule,
    evidence: [],
    changes: [],
    observed: [],
    steps: [],
    log: false,
    alarms: [],
  };
}

function mailbox(address: string): Mailbox {
  const read = readPath(`<${address}>`);
  if (!read.ok || read.mailbox === null) throw new Error(`no mailbox: ${address}`);
  return read.mailbox;
}

function made(action: Action, address: string, smtpUtf8 = false): Readdressed {
  return readdress(decision(action), "recipient", mailbox(address), smtpUtf8);
}

function addresses(result: Readdressed): string[] {
  if (!result.ok) throw new Error(result.cause);
  return result.mailboxes.map(({ address }) => address);
}

const rewrite = (form: Partial<Extract<Action, { kind: "rewrite" }>>): Action => ({ kind: "rewrite", ...form });

describe("an address that a rule changes", () => {
  test("is told with what it was, what it became, and by which rule", () => {
    const result = made(rewrite({ domains: { "a.test": "b.test" } }), "x@a.test");
    expect(result).toMatchObject({
      ok: true,
      copy: null,
      changes: [{ what: "recipient", from: "x@a.test", to: "x@b.test", ruleId: "r1", ruleName: "moved" }],
    });
  });
  test("stays what it is, and nothing is told, where the rewrite does not fit or changes nothing", () => {
    for (const action of [rewrite({ domains: { "z.test": "b.test" } }), rewrite({ domains: { "a.test": "a.test" } })]) {
      const result = made(action, "x@a.test");
      expect(addresses(result)).toEqual(["x@a.test"]);
      expect(result).toMatchObject({ changes: [] });
    }
  });
  test("a copy leaves the recipient and adds one more", () => {
    const result = made({ kind: "copy", to: "archive@b.test" }, "x@a.test");
    expect(addresses(result)).toEqual(["x@a.test"]);
    expect(result).toMatchObject({
      copy: { address: "archive@b.test" },
      changes: [{ what: "copy", from: "x@a.test", to: "archive@b.test" }],
    });
  });
  test.each([
    ["is no mailbox", "$1@@b.test", 451],
    ["is no mailbox", "$1", 451],
    ["is no mailbox", "$1 $1@b.test", 451],
    ["is no mailbox", "@b.test:$1@c.test", 451],
    ["is no mailbox", "$1@b.test>", 451],
    ["is no mailbox", `${"l".repeat(65)}@b.test`, 451],
    ["is no mailbox", "$1@b..test", 451],
    ["is no mailbox", "postmaster", 451],
    ["asks to relay", "$1%evil.test@b.test", 550],
    ["asks to relay", "evil.test!$1@b.test", 550],
    ["asks to relay", '"$1@evil.test"@b.test', 550],
    ["needs SMTPUTF8", "ü$1@b.test", 451],
  ])("is refused with its cause when what came out %s: %s", (cause, to, code) => {
    const result = made(rewrite({ pattern: "([^@]+)@.*", to }), "x@a.test");
    expect(result).toMatchObject({ ok: false, reply: { code } });
    expect(!result.ok && result.cause).toContain(`the recipient that rule "moved" made ${cause}`);
  });
  test("has its domain in ASCII where MAIL did not say SMTPUTF8", () => {
    expect(addresses(made({ kind: "redirect", to: "x@bücher.test" }, "x@a.test"))).toEqual(["x@xn--bcher-kva.test"]);
    expect(addresses(made({ kind: "redirect", to: "x@bücher.test" }, "x@a.test", true))).toEqual(["x@bücher.test"]);
  });
  test("may be outside ASCII where MAIL said SMTPUTF8", () => {
    expect(addresses(made(rewrite({ pattern: "x@.*", to: "ü@b.test" }), "x@a.test", true))).toEqual(["ü@b.test"]);
  });
});

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

describe(`rewrites of hostile addresses (seed ${seed})`, () => {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const pieces = [
    "a",
    "B",
    ".",
    "-",
    "+",
    "@",
    "%",
    "!",
    '"',
    "\\",
    ">",
    "<",
    " ",
    "\r",
    "\n",
    "\0",
    ":",
    ",",
    "$1",
    "$2",
    "ü",
    "\u202e",
    "[",
    "]",
    "x.test",
  ];
  const text = (most: number) => Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(pieces)).join("");
  const written = (): Mailbox => {
    for (;;) {
      const local = pick([text(4), `"${text(4)}"`, "ann", "a.b+c"]);
      const read = readPath(`<${local}@${pick(["x.test", "Y.test", "[192.0.2.1]", "bücher.test"])}>`);
      if (read.ok && read.mailbox !== null) return read.mailbox;
    }
  };

  test("what is sent is always one mailbox in its own spelling, without a line end, and asks nobody to relay", () => {
    for (let round = 0; round < 20_000; round++) {
      const action = rewrite({
        pattern: pick(["(.*)@(.*)", "(.).*", '("?)(.*)@.*', "(.*)"]),
        to: `${text(5)}${pick(["@b.test", ""])}`,
      });
      let result: Readdressed;
      try {
        result = readdress(decision(action), "recipient", written(), random() < 0.5);
      } catch (error) {
        // A group that the pattern has not: `checkDocument` refuses it.
        expect(error).toBeInstanceOf(RangeError);
        continue;
      }
      if (!result.ok) continue;
      for (const box of result.mailboxes) {
        expect(box.address).not.toMatch(/[\r\n\0]/);
        expect(readPath(`<${box.address}>`)).toMatchObject({ ok: true, rest: "", mailbox: box });
        if (action.kind === "rewrite" && result.changes.length > 0) expect(asksToRelay(box)).toBe(false);
      }
    }
  });

  test("a map of domains never leads to another domain than it says", () => {
    const domains = { "x.test": "b.test", "y.test": "c.test", "xn--bcher-kva.test": "d.test" };
    for (let round = 0; round < 5_000; round++) {
      const from = written();
      const result = readdress(decision(rewrite({ domains })), "recipient", from, true);
      if (!result.ok) continue;
      const wanted = { "x.test": "b.test", "Y.test": "c.test", "bücher.test": "d.test" }[from.domain] ?? from.domain;
      expect(result.mailboxes.map(({ domain }) => domain)).toEqual([wanted]);
      expect(result.mailboxes.map(({ localPart }) => localPart)).toEqual([from.localPart]);
    }
  });
});
