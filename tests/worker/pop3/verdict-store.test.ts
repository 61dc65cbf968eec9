import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FirstSeen, firstSeenMax } from "#worker/pop3/first-seen.ts";
import { type KeptVerdict, keptVerdictCharactersMax } from "#worker/pop3/kept-verdict.ts";
import {
  mailboxKey,
  mailboxVerdictsCharactersMax,
  mailboxVerdictsMax,
  VerdictStore,
} from "#worker/pop3/verdict-store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { silentLog } from "../../support/worker-parts.ts";

const hour = 3_600_000;
const joe = mailboxKey("route", "joe", false);

function verdict(rest: Partial<KeptVerdict> = {}): KeptVerdict {
  const decision = {
    ...{ verdict: "allow" as const, stage: null, ruleId: null, ruleName: null, revision: 1 },
    ...{ evidence: [], observed: [], trace: [], traceOmitted: 0 },
  };
  const summary = { from: "a@b.test", subject: "Grüße", messageIdHeader: null };
  const shown = { what: "original" as const };
  return {
    id: "ID1",
    told: true,
    bytes: 100,
    octets: null,
    ...summary,
    decision,
    changes: [],
    kept: [],
    quarantined: [],
    shown,
    ...rest,
  };
}

function open(stateDir = temporaryFolder(), now = () => 0) {
  return new VerdictStore({ stateDir, log: silentLog, now });
}

const message = { uidl: "u1", size: 100 };
const ground = { digest: "g", until: hour };

describe("a verdict on a message in a mailbox", () => {
  it("is the same after a restart, whatever it is", async () => {
    const stateDir = temporaryFolder();
    const store = open(stateDir);
    const all = [
      verdict(),
      verdict({ shown: { what: "notice", message: "QUJD" }, octets: 3, kept: [{ sha256: "aa", malware: ["Eicar"] }] }),
      verdict({ shown: { what: "edited", edits: [{ start: 1, end: 5, bytes: "QUJD" }] }, octets: 99 }),
      verdict({ shown: { what: "again" }, decision: null, octets: 7 }),
    ];
    for (const [size, one] of all.entries()) store.set(joe, { uidl: `u${size}`, size }, ground, one);
    await store.close();
    const after = open(stateDir);
    for (const [size, one] of all.entries()) expect(after.get(joe, { uidl: `u${size}`, size }, ground)).toEqual(one);
    expect([...after.resized(joe)]).toEqual(["u1", "u2", "u3"]);
    await after.close();
  });

  it("is not that of another mailbox, UIDL, size or ground", () => {
    const store = open();
    store.set(joe, message, ground, verdict());
    expect(store.get(joe, message, ground)).toEqual(verdict());
    expect(store.get(mailboxKey("route", "eve", false), message, ground)).toBe(null);
    expect(store.get(mailboxKey("other", "joe", false), message, ground)).toBe(null);
    expect(store.get(mailboxKey("route", "joe", true), message, ground)).toBe(null);
    expect(store.get(joe, { ...message, uidl: "u2" }, ground)).toBe(null);
    expect(store.get(joe, { ...message, size: 101 }, ground)).toBe(null);
    expect(store.get(joe, message, { ...ground, digest: "h" })).toBe(null);
  });

  it("is believed until its time is over, and not when the clock went back before it", async () => {
    const stateDir = temporaryFolder();
    let now = 1_000;
    const store = open(stateDir, () => now);
    store.set(joe, message, ground, verdict());
    now = hour - 1;
    expect(store.get(joe, message, { ...ground, until: 2 * hour })).not.toBe(null);
    now = hour;
    expect(store.get(joe, message, { ...ground, until: 2 * hour })).toBe(null);
    now = 999;
    expect(store.get(joe, message, ground)).toBe(null);
    await store.close();
    now = hour;
    expect([...open(stateDir, () => now).resized(joe)]).toEqual([]);
  });

  it("is not kept where none is to be believed", () => {
    const store = open();
    store.set(joe, message, { digest: "g", until: 0 }, verdict());
    expect(store.get(joe, message, ground)).toBe(null);
  });

  it("gives way to a newer one, and its size with it", () => {
    const store = open();
    store.set(joe, message, ground, verdict({ octets: 5 }));
    expect(store.octets(joe, message, ground)).toBe(5);
    store.set(joe, message, ground, verdict());
    expect(store.octets(joe, message, ground)).toBe(null);
    expect(store.resized(joe).size).toBe(0);
  });

  it("is forgotten with a damaged file, and the others stay", async () => {
    const stateDir = temporaryFolder();
    const store = open(stateDir);
    for (let i = 0; i < 3; i++) store.set(joe, { uidl: `u${i}`, size: i }, ground, verdict());
    await store.close();
    const path = join(stateDir, "mailbox-verdicts");
    truncateSync(path, readFileSync(path).length - 1);
    const torn = open(stateDir);
    expect(torn.get(joe, { uidl: "u1", size: 1 }, ground)).not.toBe(null);
    expect(torn.get(joe, { uidl: "u2", size: 2 }, ground)).toBe(null);
    await torn.close();
    writeFileSync(path, "what is this?");
    expect(open(stateDir).get(joe, { uidl: "u1", size: 1 }, ground)).toBe(null);
  });

  it(`is the one used longest ago that is forgotten past ${mailboxVerdictsMax} of them`, () => {
    const store = open();
    const small = verdict({ subject: null, from: null, decision: null, shown: { what: "again" } });
    for (let i = 0; i < mailboxVerdictsMax; i++) store.set(joe, { uidl: `u${i}`, size: i }, ground, small);
    expect(store.get(joe, { uidl: "u0", size: 0 }, ground)).toEqual(small);
    store.set(joe, { uidl: "one more", size: 1 }, ground, small);
    expect(store.get(joe, { uidl: "u0", size: 0 }, ground)).toEqual(small);
    expect(store.get(joe, { uidl: "u1", size: 1 }, ground)).toBe(null);
    expect(store.get(joe, { uidl: "u2", size: 2 }, ground)).toEqual(small);
  });

  it(`takes at most ${mailboxVerdictsCharactersMax} characters with the others`, () => {
    const store = open();
    const notice = "A".repeat(keptVerdictCharactersMax - 600);
    const large = verdict({ shown: { what: "notice", message: notice }, octets: 5 });
    const most = Math.ceil(mailboxVerdictsCharactersMax / notice.length);
    for (let i = 0; i <= most; i++) store.set(joe, { uidl: `u${i}`, size: i }, ground, large);
    expect(store.get(joe, { uidl: "u0", size: 0 }, ground)).toBe(null);
    expect(store.get(joe, { uidl: `u${most}`, size: most }, ground)).not.toBe(null);
    expect(store.resized(joe).size).toBeLessThan(most);
  });
});

describe("when a mailbox first showed a message", () => {
  it("is known after a restart, to the second", async () => {
    const stateDir = temporaryFolder();
    let now = 1_500;
    const seen = new FirstSeen({ stateDir, log: silentLog, now: () => now });
    expect(seen.since(joe, "u1")).toBe(1_000);
    now = 90_000_000;
    expect(seen.since(joe, "u1")).toBe(1_000);
    await seen.close();
    const after = new FirstSeen({ stateDir, log: silentLog, now: () => now });
    expect(after.since(joe, "u1")).toBe(1_000);
    expect(after.since(joe, "u2")).toBe(90_000_000);
    expect(after.since(mailboxKey("route", "eve", false), "u1")).toBe(90_000_000);
    await after.close();
  });

  it(`is forgotten past ${firstSeenMax} messages, of the one shown longest ago`, () => {
    let now = 0;
    const seen = new FirstSeen({ stateDir: temporaryFolder(), log: silentLog, now: () => now });
    seen.since(joe, "old");
    seen.since(joe, "shown again");
    for (let i = 2; i < firstSeenMax; i++) seen.since(joe, `u${i}`);
    seen.since(joe, "shown again");
    now = 5_000;
    seen.since(joe, "one more");
    expect(seen.since(joe, "shown again")).toBe(0);
    expect(seen.since(joe, "old")).toBe(5_000);
  });
});
