import { describe, expect, test } from "vitest";
import {
  judgedFactsSchema,
  judgedReadingMax,
  judgedReadingsMax,
  judgedStepsMax,
  judgedTextMax,
} from "#core/contract/judged-facts.ts";
import { FactLog } from "#worker/scan/fact-log.ts";

const listener = { address: "0.0.0.0", port: 25 };

function read(log: FactLog, limited = false) {
  const text = log.text(listener, limited) ?? "";
  expect(text.length).toBeLessThanOrEqual(judgedTextMax);
  return judgedFactsSchema.parse(JSON.parse(text));
}

describe("what a message is judged by", () => {
  test("is not kept where nobody is told of it; that all was known is kept all the same", () => {
    const log = new FactLog(false);
    log.know({ helo: ["a.test"] });
    log.ask("message", { subject: ["hello"] });
    expect(log.text(listener, false)).toBeUndefined();
    expect(log.fork().text(listener, false)).toBeUndefined();
    expect(log.isComplete).toBe(true);
  });

  test("is told step by step; what was known before, and facts without readings, are not told again", () => {
    const log = new FactLog();
    const session = { clientAddress: "192.0.2.1", helo: ["a.test"] };
    log.know(session);
    log.ask("sender", { sender: ["a@b.test"] });
    log.ask("recipient", { recipient: ["c@d.test"] });
    log.recipient("refused");
    log.ask("recipient", { recipient: ["e@d.test"] });
    log.recipient("taken");
    log.look({ header: true, attachment: false });
    log.know({ ...session, recipient: ["e@d.test"], subject: [] });
    log.unread("too deep");
    log.ask("message", { messageBytes: 5, virus: [] });
    expect(read(log, true)).toEqual({
      listener,
      steps: [
        { stage: null, facts: session },
        { stage: "sender", facts: { sender: ["a@b.test"] } },
        { stage: "recipient", facts: { recipient: ["c@d.test"] }, recipient: "refused" },
        { stage: "recipient", facts: { recipient: ["e@d.test"] }, recipient: "taken" },
        { stage: null, facts: { recipient: ["e@d.test"] } },
        { stage: null, facts: {}, unread: "too deep" },
        { stage: "message", facts: { messageBytes: 5 } },
      ],
      omitted: 0,
      looked: { header: true, attachment: false },
      limited: true,
    });
  });

  test("says nothing of a body: its texts and links are named as cut", () => {
    const log = new FactLog();
    log.ask("attachment", { text: ["secret"], url: ["https://a.test/?token=1"], urlHost: ["a.test"] });
    expect(read(log).steps).toEqual([{ stage: "attachment", facts: { urlHost: ["a.test"] }, cut: ["text", "url"] }]);
  });

  test(`leaves out readings over ${judgedReadingMax} characters and past the ${judgedReadingsMax}th, and names their facts`, () => {
    const log = new FactLog();
    const many = Array.from({ length: judgedReadingsMax + 1 }, (_, n) => `${n}.exe`);
    log.ask("attachment", { fileName: ["x".repeat(judgedReadingMax), "y".repeat(judgedReadingMax + 1)] });
    log.ask("attachment", { archiveEntry: many });
    expect(read(log).steps).toEqual([
      { stage: "attachment", facts: { fileName: ["x".repeat(judgedReadingMax)] }, cut: ["fileName"] },
      { stage: "attachment", facts: { archiveEntry: many.slice(0, judgedReadingsMax) }, cut: ["archiveEntry"] },
    ]);
  });

  test(`has ${judgedStepsMax} steps at most and counts the others`, () => {
    const log = new FactLog();
    for (let n = 0; n < judgedStepsMax + 3; n++) log.ask("recipient", {});
    expect(read(log)).toMatchObject({ steps: { length: judgedStepsMax }, omitted: 3 });
  });

  test.each([
    ["long", "v".repeat(judgedReadingMax)],
    ["of control characters", "\u0001".repeat(judgedReadingMax)],
    ["outside ASCII", "😀".repeat(judgedReadingMax / 2)],
  ])("fits its cap when its header lines are %s; nothing is kept after a gap", (_, value) => {
    const log = new FactLog();
    for (let n = 0; n < 300; n++) log.ask("header", { headerName: [`X-${n}`], headerValue: [value] });
    log.ask("message", {});
    const { steps, omitted } = read(log);
    expect(steps.length + omitted).toBe(301);
    expect(omitted).toBeGreaterThan(0);
    expect(steps.every(({ stage }) => stage === "header")).toBe(true);
  });

  test("tells of a header line that no rule was asked about its name, and what it says where that is short", () => {
    const log = new FactLog();
    log.look({ header: true, attachment: false });
    log.passLine("Subject", ["offer"]);
    log.passLine("Received", ["x".repeat(101)]);
    expect(read(log)).toMatchObject({
      steps: [
        { stage: "header", facts: { headerName: ["Subject"], headerValue: ["offer"] } },
        { stage: "header", facts: { headerName: ["Received"] }, cut: ["headerValue"] },
      ],
      omitted: 0,
      looked: { header: true, attachment: false },
    });
  });

  test("gives up such lines where they take half of the room, and what rules asked about stays", () => {
    const log = new FactLog();
    log.look({ header: true, attachment: false });
    for (let n = 0; n < 1_000; n++) log.passLine(`X-${n}`, ["some words"]);
    log.ask("message", { messageBytes: 5 });
    const { steps, omitted, looked } = read(log);
    expect({ omitted, looked }).toEqual({ omitted: 0, looked: { header: false, attachment: false } });
    expect(steps.length).toBeGreaterThan(50);
    expect(steps.at(-1)).toEqual({ stage: "message", facts: { messageBytes: 5 } });
  });

  test("goes on by itself for each copy of a message", () => {
    const log = new FactLog();
    log.know({ helo: ["a.test"] });
    const fork = log.fork();
    log.ask("message", {});
    fork.know({ helo: ["b.test"] });
    expect(read(log).steps).toHaveLength(2);
    expect(read(fork).steps).toEqual([
      { stage: null, facts: { helo: ["a.test"] } },
      { stage: null, facts: { helo: ["b.test"] } },
    ]);
    expect([log.isComplete, fork.isComplete]).toEqual([true, false]);
  });
});
