import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ruleSchema } from "#core/contract/rule.ts";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { findRuleSamples } from "#lib/rule-samples/queries.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { judgedFacts, messagesJudged } from "../../support/judged-messages.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:00.000Z");
const document = {
  version: 1,
  interfaces: [{ name: "External", zone: "external" }],
  routes: [{ name: "inside", protocol: "smtp", targets: [{ host: "127.0.0.1", port: 2600 }] }],
  proxyActions: [
    {
      name: "Mail in",
      protocol: "smtp",
      direction: "incoming",
      settings: { hostName: "gate.test" },
      rulesets: { attachment: { rules: [{ name: "exe", when: { fileName: { like: "*.exe" } }, action: "strip" }] } },
    },
    { name: "Other", protocol: "smtp", direction: "incoming", settings: { hostName: "gate.test" } },
  ],
  policies: [
    {
      name: "In",
      protocol: "smtp",
      from: { interface: "External" },
      to: { interface: "External", route: "inside" },
      listen: [{ address: "127.0.0.1", port: 2525 }],
      proxyAction: "Mail in",
    },
  ],
};

beforeAll(async () => {
  await importDraft(JSON.stringify(document));
  await transaction((tx) => publish(tx, mara, { comment: "" }));
});

beforeEach(async () => {
  await database().messageFacts.deleteMany();
  await database().mailEvent.deleteMany();
});

async function found(when: object, proxyAction = "Mail in") {
  const { id } = await database().proxyAction.findFirstOrThrow({ where: { name: proxyAction } });
  const rule = ruleSchema.parse({ name: "tried", when, action: "deny" });
  return findRuleSamples({ proxyActionId: id, ruleset: "attachment", rule }, now);
}

test("finds the messages of the last 24 hours that a rule matches, the newest ten to look at, with how many there are", async () => {
  await messagesJudged(judgedFacts({ fileNames: ["plan%n.pdf"] }), 600, now, "plan");
  await messagesJudged(judgedFacts({ fileNames: ["a%n.js"] }), 12, new Date(now.getTime() - 3_600_000), "script");
  await messagesJudged(judgedFacts({ fileNames: ["b%n.js"] }), 3, new Date(now.getTime() - 25 * 3_600_000), "old");
  const { samples, ...counted } = await found({ fileName: { like: "*.js" } });
  expect(counted).toEqual({ matching: 12, looked: 612, isCut: false, unsaid: [] });
  expect(samples).toHaveLength(10);
  expect(samples[0]).toMatchObject({ id: "script1", sender: "a@sender.test", subject: "hello", verdict: "allow" });
});

test("says of how many messages it cannot be said, and why", async () => {
  await messagesJudged(judgedFacts({ fileNames: ["plan.pdf"] }), 4, now, "plan");
  await messagesJudged({ ...judgedFacts(), omitted: 3 }, 2, now, "long");
  const { matching, unsaid } = await found({ text: { like: "*secret*" }, fileName: { like: "*.pdf" } });
  expect(matching).toBe(0);
  expect(unsaid).toEqual([
    { why: "it is not known: text", messages: 4 },
    { why: "it has more header lines, parts or recipients than are kept", messages: 2 },
  ]);
});

test("looks at the messages of policies that use its proxy action only", async () => {
  await messagesJudged(judgedFacts({ fileNames: ["a.js"] }), 4, now);
  expect(await found({ fileName: { like: "*.js" } }, "Other")).toMatchObject({ looked: 0, samples: [] });
});

test("a rule that the console would not save is refused with the reason", async () => {
  await expect(found({ fileName: { inList: "gone" } })).rejects.toThrow(/there is no list "gone"/);
});
