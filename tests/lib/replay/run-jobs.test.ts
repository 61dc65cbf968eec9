import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { runJobs } from "#lib/jobs/job-runner.ts";
import { searchMessages } from "#lib/messages/queries.ts";
import { messageSearchSchema } from "#lib/messages/search.ts";
import { changesCsv } from "#lib/replay/changes-export.ts";
import { endReplay, startReplay } from "#lib/replay/mutations.ts";
import { latestReplay, replayBefore, replayOf } from "#lib/replay/queries.ts";
import { replayJobs } from "#lib/replay/run-jobs.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { cpuTimeMs } from "../../support/cpu-time.ts";
import { useTestDatabase } from "../../support/database.ts";
import { importDraft, mara } from "../../support/draft.ts";
import { judgedFacts, messagesJudged, judgingPolicy as policy } from "../../support/judged-messages.ts";

useTestDatabase();
useConsoleSettings();
afterAll(closeDatabase);

const now = new Date("2026-01-05T12:00:00.000Z");

const observed = {
  header: { rules: [{ name: "lists", when: { headerName: { is: "List-Id" } }, action: "strip", state: "observe" }] },
  attachment: { rules: [{ name: "exe", when: { fileName: { like: "*.exe" } }, action: "strip", state: "observe" }] },
};
const denied = { message: { rules: [{ name: "large", when: { messageBytes: { over: 3_000 } }, action: "deny" }] } };

beforeAll(async () => {
  await importDraft(policy(observed));
  await transaction((tx) => publish(tx, mara, { comment: "" }));
});

beforeEach(async () => {
  await database().messageFacts.deleteMany();
  await database().mailEvent.deleteMany();
  await database().replayJob.deleteMany();
});

function start(at = now): Promise<string> {
  return transaction((tx) => startReplay(tx, { hours: 24, revision: null }, mara, at));
}

async function result() {
  const replay = await latestReplay("");
  if (replay === null) throw new Error("there is no replay");
  return replay;
}

describe("a replay of the draft", () => {
  test("counts what would change by verdicts and rule, with samples, and what it cannot say, with the reason", async () => {
    await messagesJudged(judgedFacts({ bytes: 2_000 }), 30, now, "small");
    await messagesJudged(judgedFacts({ bytes: 4_000 }), 20, now, "large");
    await messagesJudged(judgedFacts({ fileNames: ["a%n.exe"] }), 5, now, "program");
    await database().mailEvent.create({
      data: { id: "before", workerId: "local", at: new Date("2026-01-05T11:00Z"), kind: "message", detail: {} },
    });
    const text = { name: "words", when: { fileName: { like: "*.exe" }, text: { like: "*x*" } }, action: "deny" };
    await importDraft(policy({ ...denied, attachment: { rules: [text] } }));
    await start();
    await runJobs(replayJobs);
    const { result: found, total, done, finishedAt } = await result();
    expect({ total, done, isOver: finishedAt !== null }).toEqual({ total: 55, done: 55, isOver: true });
    expect(found).toEqual({
      same: 30,
      changed: [
        {
          from: "allow",
          to: "deny",
          before: null,
          rule: { id: expect.any(String), name: "large" },
          messages: 20,
          samples: Array.from({ length: 10 }, (_, n) => `large${20 - n}`),
        },
      ],
      otherwiseChanged: 0,
      notReplayed: [
        { why: "nothing is kept of what it was judged by", rule: null, messages: 1, samples: [] },
        {
          why: "it asks for the text",
          rule: { id: expect.any(String), name: "words" },
          messages: 5,
          samples: ["program5", "program4", "program3", "program2", "program1"],
        },
      ],
    });
  });

  test("says of every message that it would not be taken, where no policy takes its connection", async () => {
    await messagesJudged(judgedFacts(), 3, now);
    await importDraft(policy(observed, 2526));
    await start();
    await runJobs(replayJobs);
    expect((await result()).result.notReplayed).toMatchObject([{ why: "no policy takes its connection", messages: 3 }]);
  });

  test("says that it knows nothing of a revision that is not here, or of facts that cannot be read", async () => {
    await messagesJudged(judgedFacts(), 2, now, "foreign");
    await database().messageFacts.updateMany({ data: { revision: 77 } });
    await messagesJudged(judgedFacts(), 1, now, "broken");
    await database().messageFacts.update({ where: { eventId: "broken1" }, data: { facts: '{"steps":' } });
    await importDraft(policy(denied));
    await start();
    await runJobs(replayJobs);
    expect((await result()).result.notReplayed).toMatchObject([
      { why: "the revision that judged it is not known here", messages: 2 },
      { why: "what is kept of it cannot be read", messages: 1 },
    ]);
  });

  test("goes on where it was when the console starts again, and counts nothing twice", async () => {
    await messagesJudged(judgedFacts({ bytes: 4_000 }), 10, now);
    await importDraft(policy(denied));
    const id = await start();
    // As a part leaves it: the six oldest are done.
    const change = {
      from: "allow",
      to: "deny",
      before: null,
      rule: { id: "x", name: "large" },
      messages: 6,
      samples: [],
    };
    await database().replayJob.update({
      where: { id },
      data: {
        done: 6,
        afterAt: new Date(now.getTime() - 2_500),
        afterId: "M5",
        result: { same: 0, changed: [change], otherwiseChanged: 0, notReplayed: [] },
      },
    });
    await runJobs(replayJobs);
    const { done, result: found } = await result();
    expect(done).toBe(10);
    expect(found.changed.map(({ messages }) => messages)).toEqual([6, 4]);
  });

  test("is ended by a person, or by the next one; what it came to stays", async () => {
    await messagesJudged(judgedFacts(), 10, now);
    await importDraft(policy(denied));
    const [first, second] = [await start(), await start(new Date(now.getTime() + 1_000))];
    expect((await database().replayJob.findUniqueOrThrow({ where: { id: first } })).finishedAt).not.toBeNull();
    await transaction((tx) => endReplay(tx, { jobId: second }));
    await runJobs(replayJobs);
    expect(await result()).toMatchObject({ id: second, done: 0, total: 10 });
    await expect(transaction((tx) => endReplay(tx, { jobId: second }))).rejects.toThrow(
      "Nothing was ended: this replay is over.",
    );
  });

  test("tells whether the draft is another one by now", async () => {
    await messagesJudged(judgedFacts(), 1, now);
    await importDraft(policy(denied));
    await start();
    const { digest } = await database().replayJob.findFirstOrThrow();
    expect(await latestReplay(digest)).toMatchObject({ isOutdated: false });
    expect(await latestReplay("another")).toMatchObject({ isOutdated: true });
  });

  test("stays with the revision that its draft becomes, as the last one before it was published", async () => {
    await messagesJudged(judgedFacts({ bytes: 4_000 }), 3, now);
    await importDraft(policy(denied));
    const id = await start();
    await runJobs(replayJobs);
    const { number } = await transaction((tx) => publish(tx, mara, { comment: "" }));
    expect(await replayBefore(number)).toMatchObject({ id, result: { changed: [{ messages: 3 }] } });
    expect(await replayBefore(1)).toBeNull();
  });

  test("of a revision tries that one, whatever the draft is, and is told of at the revision alone", async () => {
    await messagesJudged(judgedFacts({ bytes: 4_000 }), 3, now);
    const larger = { name: "larger", when: { messageBytes: { over: 3_500 } }, action: "deny" };
    await importDraft(policy({ message: { rules: [larger] } }));
    const { number } = await transaction((tx) => publish(tx, mara, { comment: "" }));
    await importDraft(policy(observed));
    await transaction((tx) => startReplay(tx, { hours: 24, revision: number }, mara, now));
    await runJobs(replayJobs);
    expect(await replayOf(number)).toMatchObject({ isOutdated: false, result: { changed: [{ messages: 3 }] } });
    expect(await replayOf(1)).toBeNull();
    expect(await latestReplay("")).toBeNull();
    const unknown = transaction((tx) => startReplay(tx, { hours: 24, revision: 99 }, mara, now));
    await expect(unknown).rejects.toThrow("there is no revision r99");
  });

  test("lists the messages that get another verdict, for the Messages page and as CSV, until the policy is replayed again", async () => {
    await messagesJudged(judgedFacts({ bytes: 4_000 }), 12, now, "large");
    await messagesJudged(judgedFacts({ bytes: 2_000 }), 3, now, "small");
    await importDraft(policy(denied));
    const id = await start();
    await runJobs(replayJobs);
    expect(await result()).toMatchObject({ listed: 12, isListedWhole: true });
    const search = messageSearchSchema.parse({ replay: `${id}.0` });
    const { rows } = await searchMessages(search, now);
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 12 }, (_, n) => `large${n + 1}`));
    expect((await changesCsv(id))?.split("\r\n").slice(0, 2)).toEqual([
      "\ufeffat,id,sender,recipients,subject,verdict,by rule,new verdict,by new rule",
      "2026-01-05T11:59:54.000Z,large12,a@sender.test,b@inside.test,hello,allow,,deny,large",
    ]);
    expect(await changesCsv(randomUUID())).toBeNull();
    await start(new Date(now.getTime() + 1_000));
    expect(await database().replayChange.count({ where: { jobId: id } })).toBe(0);
    expect(messageSearchSchema.parse({ replay: "x.0" }).replay).toBeNull();
  });

  test("counts all messages that are changed, and lists 10,000 of them", { timeout: 60_000 }, async () => {
    await messagesJudged(judgedFacts({ bytes: 4_000 }), 10_020, now);
    await importDraft(policy(denied));
    await start();
    await runJobs(replayJobs);
    expect(await result()).toMatchObject({
      listed: 10_000,
      isListedWhole: false,
      result: { changed: [{ messages: 10_020 }] },
    });
  });

  test("is over when a version of the console goes on with it that cannot read its policy", async () => {
    await messagesJudged(judgedFacts(), 2, now);
    await importDraft(policy(denied));
    const id = await start();
    await database().replayJob.update({ where: { id }, data: { document: '{"version":77}' } });
    await runJobs(replayJobs);
    expect(await result()).toMatchObject({ done: 0, total: 2, finishedAt: expect.any(Date) });
  });

  test("refuses to begin where there was no message", async () => {
    await expect(start()).rejects.toThrow("no message was judged in this time");
  });

  test("of 100,000 messages with 50 rules at each stage takes under 10 seconds", { timeout: 180_000 }, async () => {
    const names = [
      "Received",
      "From",
      "To",
      "Subject",
      "Date",
      "Message-ID",
      "MIME-Version",
      "Content-Type",
      "X-Mailer",
    ];
    const lines = names.map((name) => [name, `${name} %n, of some fifty characters as such lines have`] as const);
    const facts = judgedFacts({ sender: "a%n@sender.test", lines, fileNames: ["report %n.pdf"], bytes: 4_000 });
    await messagesJudged(facts, 100_000, now);
    const rules = (of: (n: number) => object) => ({
      rules: Array.from({ length: 50 }, (_, n) => ({ name: `rule ${n}`, when: of(n), action: "deny" })),
    });
    await importDraft(
      policy({
        sender: rules((n) => ({ sender: { like: `x${n}*@*.bad.test` } })),
        recipient: rules((n) => ({ recipient: { is: `nobody${n}@inside.test` } })),
        header: rules((n) => ({
          headerName: { is: n % 5 === 0 ? "Subject" : `X-${n}` },
          headerValue: { pattern: `^x${n}` },
        })),
        attachment: rules((n) => ({ fileName: { like: `*.ex${n}` } })),
        message: rules((n) => ({ messageBytes: { over: 3_000 + n * 100 }, subject: { is: "hello" } })),
      }),
    );
    await start();
    const began = performance.now();
    const cpu = await cpuTimeMs(() => runJobs(replayJobs));
    const { done, result: found } = await result();
    console.log(
      `100,000 messages: ${Math.round(cpu)} ms of processor time, ${Math.round(performance.now() - began)} ms`,
    );
    expect(done).toBe(100_000);
    expect(found.changed).toMatchObject([{ from: "allow", to: "deny", messages: 100_000 }]);
    expect(cpu).toBeLessThan(10_000);
  });
});
