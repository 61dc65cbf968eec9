import { expect, test } from "vitest";
import type { FactName, Facts } from "#core/contract/facts.ts";
import type { InspectedPart } from "#worker/scan/inspected-part.ts";
import { gatheredTextMax, MessageFacts, partReadingsMax } from "#worker/scan/message-facts.ts";

const summary = {
  from: null,
  subject: null,
  messageIdHeader: null,
  attachments: [],
  attachmentCount: 0,
  fromAddresses: [],
  subjects: [],
  identity: [],
};

function factsOf(asked: FactName[], parts: Facts[]) {
  const gathered = new MessageFacts(new Set(asked));
  const taken = parts.map((facts) => gathered.addPart({ facts } as InspectedPart));
  return { taken, facts: gathered.read(summary, 10, Date.parse("2026-11-27T22:30:00Z")) };
}

test("gathers what is asked of all parts, each reading once, with hour and day in UTC", () => {
  const { facts } = factsOf(
    ["fileName", "text"],
    [
      { fileName: ["a"], text: ["x"], digest: ["d"], trait: ["macros"] },
      { fileName: ["a", "b"], text: ["y"], trait: ["archive"] },
    ],
  );
  expect(facts).toMatchObject({ fileName: ["a", "b"], text: ["x", "y"], trait: ["macros", "archive"], hour: 22 });
  expect(facts).toMatchObject({ weekday: ["fri"], messageBytes: 10 });
  expect(facts.digest).toBeUndefined();
});

test("takes no more text than is read in one go, and says that something was too large", () => {
  const half = (letter: string) => letter.repeat(gatheredTextMax / 2);
  const { taken, facts } = factsOf(["text"], [{ text: [half("a")] }, { text: [half("b")] }, { text: ["c"] }]);
  expect(taken).toEqual([true, true, true]);
  expect(facts.text).toHaveLength(2);
  expect(facts.trait).toEqual(["too-large"]);
});

test("cannot be read when the parts have more names than are compared", () => {
  const names = Array.from({ length: partReadingsMax + 1 }, (_, n) => `name ${n}`);
  expect(factsOf(["fileName"], [{ fileName: names }]).taken).toEqual([false]);
});
