import { callbackify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeDatabase, database, transaction } from "#lib/db.ts";
import { runJobs } from "#lib/jobs/job-runner.ts";
import { cancelJob } from "#lib/quarantine/job-mutations.ts";
import { lookAtHtml, lookAtText, openDownload } from "#lib/quarantine/look.ts";
import { blockSender, commandQuarantine } from "#lib/quarantine/mutations.ts";
import { quarantineSelectionSchema } from "#lib/quarantine/quarantine-input.ts";
import { recentJobs } from "#lib/quarantine/queries.ts";
import { beginJob, quarantineJobs } from "#lib/quarantine/run-jobs.ts";
import { quarantineFilterSchema } from "#lib/quarantine/search.ts";
import { useConsoleSettings } from "../../support/console-settings.ts";
import { useTestDatabase } from "../../support/database.ts";
import { KeptWorker } from "../../support/kept-worker.ts";

useTestDatabase();
useConsoleSettings();

const mara = { name: "Mara", address: "192.0.2.7" };
const message = "From: Ann <ann@example.org>\r\nSubject: Hello\r\n\r\nThe text.\r\n";
let worker: KeptWorker;
let auditBefore = 0n;

beforeAll(async () => {
  worker = await KeptWorker.start();
});
beforeEach(async () => {
  const last = await database().auditEntry.findFirst({ orderBy: { sequence: "desc" } });
  auditBefore = last?.sequence ?? 0n;
});
afterEach(async () => {
  worker.judge = ({ content }, done) => done(null, { goes: true, content });
  for (const id of worker.quarantine.ids()) await worker.quarantine.remove(id);
  await worker.report();
  await database().list.deleteMany();
});
afterAll(async () => {
  await worker.close();
  await closeDatabase();
});

function auditRows() {
  return database().auditEntry.findMany({ where: { sequence: { gt: auditBefore } }, orderBy: { sequence: "asc" } });
}

const ref = (id: string) => ({ workerId: "local", id });
const release = (ids: string[], change: Record<string, unknown> = {}) =>
  quarantineSelectionSchema.parse({
    command: "release",
    entries: ids.map(ref),
    reason: "",
    malware: false,
    allowSenders: false,
    ...change,
  });
const nothing = { text: null, rule: null, sender: null, recipient: null, subject: null, file: null, digest: null };
const filter = (change: Record<string, unknown> = {}) =>
  quarantineFilterSchema.parse({ ...nothing, cause: null, state: null, interface: null, ...change });

describe("a command", () => {
  test("is carried out by the worker, and in the audit log before the worker hears of it", async () => {
    const { id } = await worker.keep(message);
    let seen: string[] = [];
    worker.judge = ({ content }, done) => {
      callbackify(auditRows)((error, rows) => {
        seen = rows.map(({ action }) => action);
        done(error, { goes: true, content });
      });
    };
    const { results } = await commandQuarantine(release([id], { reason: "Wanted." }), mara, []);
    expect(results).toEqual([{ ...ref(id), done: true, reason: null }]);
    expect(seen).toEqual(["quarantine.release"]);
    expect([...worker.spool.ids()]).toContain(id);
    const [row] = await auditRows();
    expect(row).toMatchObject({ actor: "Mara", object: "1 entry" });
    expect(row?.summary).toBe("Mara asked for a release from quarantine: Wanted.");
    expect(row?.detail).toMatchObject({ before: [{ id, cause: "spam", state: "held" }] });
  });

  test("goes to the recipients that were chosen", async () => {
    const { id } = await worker.keep(message);
    await commandQuarantine(release([id], { recipients: ["carol@example.test"] }), mara, []);
    expect(worker.quarantine.entry(id)?.releasedTo).toEqual(["carol@example.test"]);
  });

  test("tells what was refused or is not there, and audits that too", async () => {
    worker.judge = (_kept, done) => done(null, { goes: false, reason: "EICAR was found" });
    const { id } = await worker.keep(message);
    const { results } = await commandQuarantine(release([id, "GONE"]), mara, []);
    expect(results).toEqual([
      { ...ref(id), done: false, reason: "EICAR was found" },
      { ...ref("GONE"), done: false, reason: "It is not in quarantine any more." },
    ]);
    expect((await auditRows()).map(({ action }) => action)).toEqual(["quarantine.release", "quarantine.refusal"]);
  });

  test("on malware takes the permission, in the mutation too, and a reason", async () => {
    const { id } = await worker.keep(message, { cause: "malware", malware: ["Eicar"] });
    const order = release([id], { malware: true, reason: "For the lab." });
    await expect(commandQuarantine(order, mara, [])).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await auditRows()).toEqual([]);
    expect(() => release([id], { malware: true, reason: " " })).toThrow("Say why");
    expect((await commandQuarantine(release([id]), mara, ["release-malware"])).results[0]?.done).toBe(false);
    expect((await commandQuarantine(order, mara, ["release-malware"])).results[0]?.done).toBe(true);
  });

  test("delete removes it for good", async () => {
    const { id } = await worker.keep(message);
    const order = quarantineSelectionSchema.parse({ command: "delete", entries: [ref(id)], reason: "" });
    await commandQuarantine(order, mara, []);
    expect(worker.quarantine.size).toBe(0);
  });

  test("names a worker and an entry that fit together: another worker's name finds nothing", async () => {
    const { id } = await worker.keep(message);
    const order = { ...release([id]), entries: [{ workerId: "other", id }] };
    expect((await commandQuarantine(order, mara, [])).results[0]).toMatchObject({ done: false });
    expect(worker.quarantine.entry(id)?.state).toBe("held");
  });
});

describe("the sender's lists", () => {
  test("releasing can allow the sender: the draft's list is made with it, in one transaction with the audit rows", async () => {
    const { id } = await worker.keep(message, { sender: "Ann@Example.org" });
    const { listed } = await commandQuarantine(release([id], { allowSenders: true }), mara, ["edit"]);
    expect(listed).toEqual([{ address: "ann@example.org", list: "allowed senders", added: true, used: false }]);
    expect(await database().list.findUnique({ where: { name: "allowed senders" } })).toMatchObject({
      kind: "addresses",
      entries: ["ann@example.org"],
    });
    expect((await auditRows()).map(({ action }) => action)).toEqual(["quarantine.release", "list.add"]);
  });

  test("blocking adds to the list that is there, once, and says so", async () => {
    const [one, two] = [await worker.keep(message), await worker.keep(message, { sender: "eve@example.org" })];
    const block = (id: string) => transaction((tx) => blockSender(tx, ref(id), mara));
    expect(await block(one.id)).toMatchObject({ address: "ann@example.org", list: "blocked senders", added: true });
    expect(await block(two.id)).toMatchObject({ added: true });
    expect(await block(two.id)).toMatchObject({ added: false });
    expect((await database().list.findUnique({ where: { name: "blocked senders" } }))?.entries).toEqual([
      "ann@example.org",
      "eve@example.org",
    ]);
  });

  test("without an envelope's sender it is the author; several, or none, are refused", async () => {
    const block = async (change: { sender: string | null; from: string | null }) => {
      const { id } = await worker.keep(message, change);
      return transaction((tx) => blockSender(tx, ref(id), mara));
    };
    expect(await block({ sender: "", from: "Eve <eve@example.org>" })).toMatchObject({ address: "eve@example.org" });
    await expect(block({ sender: "", from: "eve@example.org, bob@example.org" })).rejects.toMatchObject({
      code: "NO_SENDER",
    });
    await expect(block({ sender: null, from: "nobody" })).rejects.toMatchObject({ code: "NO_SENDER" });
  });

  test("a list of that name with something else in it stays as it is", async () => {
    await database().list.create({ data: { name: "blocked senders", kind: "domains", entries: [], rank: 0 } });
    const { id } = await worker.keep(message);
    await expect(transaction((tx) => blockSender(tx, ref(id), mara))).rejects.toMatchObject({ code: "WRONG_KIND" });
  });
});

describe("a look at a body", () => {
  test("is in the audit log with who, what and from where", async () => {
    const { id } = await worker.keep(message);
    expect(await lookAtText(ref(id), mara)).toMatchObject({ text: "The text.\r\n", hasHtml: false, cut: false });
    const { name, body } = await openDownload(ref(id), mara);
    expect(name).toBe(`postern-quarantine-${id}.eml`);
    expect(await new Response(body).text()).toContain("> The text.");
    await expect(lookAtHtml(ref(id), mara)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const rows = await auditRows();
    expect(rows.map(({ action, actor, address, object }) => [action, actor, address, object])).toEqual([
      ["quarantine.view", "Mara", "192.0.2.7", id],
      ["quarantine.download", "Mara", "192.0.2.7", id],
      ["quarantine.view", "Mara", "192.0.2.7", id],
    ]);
    expect(rows.map(({ detail }) => detail)).toMatchObject([{ look: "text" }, { look: "download" }, { look: "html" }]);
  });

  test("of what is gone shows nothing", async () => {
    await expect(lookAtText(ref("GONE"), mara)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const { id } = await worker.keep(message);
    await worker.quarantine.remove(id);
    await expect(lookAtText(ref(id), mara)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("of a file shows text as text and nothing else", async () => {
    const text = await worker.keep("a,b\r\n", { kind: "part", fileName: "a.csv", contentType: "text/csv" });
    const binary = await worker.keep("MZ", { kind: "part", fileName: "a.exe", contentType: "application/x-dosexec" });
    expect((await lookAtText(ref(text.id), mara)).text).toBe("a,b\r\n");
    expect((await lookAtText(ref(binary.id), mara)).text).toBeNull();
  });
});

describe("a job on a whole search", () => {
  const job = async () => (await recentJobs(new Date()))[0];

  test("is carried out in batches, keeps its progress and the reasons, and is audited at its begin and end", async () => {
    for (let n = 0; n < 30; n++) await worker.keep(message, { subject: `n${n}` });
    await worker.keep(message, { cause: "dlp" });
    worker.judge = ({ entry, content }, done) =>
      entry.subject === "n7"
        ? done(null, { goes: false, reason: "EICAR was found" })
        : done(null, { goes: true, content });
    await beginJob({ command: "release", filter: filter({ cause: "spam" }), reason: "", malware: false }, mara, []);
    await runJobs(quarantineJobs);
    expect(await job()).toMatchObject({ total: 30, done: 29, failed: 1, finishedAt: expect.any(Date) });
    expect((await job())?.reasons).toEqual([expect.stringContaining("EICAR was found")]);
    const states = Array.from(worker.quarantine.ids(), (id) => worker.quarantine.entry(id));
    expect(states.filter((entry) => entry?.state === "released")).toHaveLength(29);
    const rows = await auditRows();
    expect(rows.map(({ action }) => action)).toEqual(["quarantine.release", "quarantine.job"]);
    expect(rows[0]?.detail).toMatchObject({ filter: { cause: "spam" }, count: 30 });
  });

  test("goes on after a restart of the console where it stood", async () => {
    const [first, second] = [await worker.keep(message), await worker.keep(message)];
    const remaining = [`${second.id} local`, "GONE local"];
    const stored = {
      command: "delete",
      search: filter(),
      reason: "",
      malware: false,
      actor: "Mara",
      total: 3,
      done: 1,
    };
    await database().quarantineJob.create({ data: { ...stored, remaining } });
    await runJobs(quarantineJobs);
    expect(await job()).toMatchObject({ total: 3, done: 2, failed: 1, finishedAt: expect.any(Date) });
    expect([...worker.quarantine.ids()]).toEqual([first.id]);
  });

  test("is refused when it finds nothing, and for malware without the permission", async () => {
    const order = { command: "release", filter: filter(), reason: "x", malware: false } as const;
    await expect(beginJob(order, mara, [])).rejects.toMatchObject({ code: "NOTHING_FOUND" });
    await worker.keep(message);
    await expect(beginJob({ ...order, malware: true }, mara, [])).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  test("can be ended before it is done; what is left stays", async () => {
    const { id } = await worker.keep(message);
    const stored = { command: "delete", search: filter(), reason: "", malware: false, actor: "Mara", total: 1 };
    const { id: jobId } = await database().quarantineJob.create({ data: { ...stored, remaining: [`${id} local`] } });
    await transaction((tx) => cancelJob(tx, { jobId }, mara));
    await runJobs(quarantineJobs);
    expect(worker.quarantine.size).toBe(1);
    expect((await auditRows()).map(({ action }) => action)).toEqual(["quarantine.cancel"]);
    await expect(transaction((tx) => cancelJob(tx, { jobId }, mara))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("begun while another runs is carried out as well", async () => {
    for (let n = 0; n < 5; n++) await worker.keep(message, { cause: n < 3 ? "spam" : "dlp" });
    await beginJob({ command: "delete", filter: filter({ cause: "spam" }), reason: "" }, mara, []);
    await beginJob({ command: "delete", filter: filter({ cause: "dlp" }), reason: "" }, mara, []);
    await runJobs(quarantineJobs);
    expect(worker.quarantine.size).toBe(0);
  });
});
