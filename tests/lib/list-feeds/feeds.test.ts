import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { database, transaction } from "#lib/db.ts";
import { feedLists, fetchNow } from "#lib/list-feeds/watch-feeds.ts";
import { readLists } from "#lib/lists/queries.ts";
import { publish } from "#lib/revisions/mutations.ts";
import { liveRevision, parseRevision } from "#lib/revisions/revision-row.ts";
import { beginTrial } from "#lib/revisions/trial-mutations.ts";
import { useTestDatabase } from "../../support/database.ts";
import { draft, importDraft, mara } from "../../support/draft.ts";

useTestDatabase();

let server: Server;
let url = "";
let answer = { status: 200, text: "" };
let asked = 0;

beforeAll(async () => {
  vi.stubEnv("POSTERN_FEED_NETWORKS", "127.0.0.1");
  server = createServer((_, response) => {
    asked += 1;
    response.writeHead(answer.status).end(answer.text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}/drop.txt`;
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

const start = new Date("2026-11-28T08:00:00Z");
const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

beforeEach(async () => {
  asked = 0;
  answer = { status: 200, text: "192.0.2.0/24\n" };
  await database().listFeed.deleteMany();
  await database().revisionTrial.deleteMany();
  await importDraft(`version: 1
interfaces: [{ name: External, zone: external }]
lists:
  - { name: drop, kind: networks, feed: { url: "${url}", everyMinutes: 60 }, entries: [] }
  - { name: ours, kind: domains, entries: [a.test] }`);
  await transaction((tx) => publish(tx, mara, { comment: String(Math.random()) })).catch(() => null);
});

const liveLists = async () => {
  const live = await liveRevision(database());
  return live === null ? [] : parseRevision(live).lists.map(({ name, entries }) => [name, entries]);
};
const draftLists = async () => (await draft()).lists.map(({ name, entries }) => [name, entries]);

it("fills the list of the draft and of the live policy, with a revision of its own, when its time has come", async () => {
  const before = (await liveRevision(database()))?.number ?? 0;
  await feedLists(start);
  await feedLists(later(59));
  expect(asked).toBe(1);
  expect(await draftLists()).toEqual([
    ["drop", ["192.0.2.0/24"]],
    ["ours", ["a.test"]],
  ]);
  expect(await liveLists()).toEqual(await draftLists());
  const live = await liveRevision(database());
  expect(live).toMatchObject({
    number: before + 1,
    authorName: "Postern",
    comment: 'List "drop" from its feed: 1 added, 0 removed',
  });
  answer = { status: 200, text: "198.51.100.0/24\n" };
  await feedLists(later(60));
  expect(await liveLists()).toContainEqual(["drop", ["198.51.100.0/24"]]);
});

it("publishes nothing when the entries are the same", async () => {
  await feedLists(start);
  const before = await liveRevision(database());
  await feedLists(later(60));
  expect(asked).toBe(2);
  expect((await liveRevision(database()))?.number).toBe(before?.number);
});

it("publishes no other change of the draft", async () => {
  const { id } = await database().list.findUniqueOrThrow({ where: { name: "ours" } });
  await database().list.update({ where: { id }, data: { entries: ["draft.test"] } });
  await feedLists(start);
  expect(await liveLists()).toEqual([
    ["drop", ["192.0.2.0/24"]],
    ["ours", ["a.test"]],
  ]);
  expect(await draftLists()).toEqual([
    ["drop", ["192.0.2.0/24"]],
    ["ours", ["draft.test"]],
  ]);
});

it.each([
  ["does not answer well", { status: 500, text: "" }, /^it answers 500/],
  ["gives something else", { status: 200, text: "<html>" }, /are no networks/],
])("keeps the last good entries when the feed %s, and says why", async (_, bad, reason) => {
  await feedLists(start);
  answer = bad;
  await feedLists(later(60));
  expect(await liveLists()).toContainEqual(["drop", ["192.0.2.0/24"]]);
  const [list] = await readLists();
  expect(list?.feed).toEqual({ url, lastGoodAt: expect.any(Date), lastError: expect.stringMatching(reason) });
  await expect(fetchNow(mara, "drop")).rejects.toMatchObject({ code: "FEED_UNUSABLE" });
});

it("waits while a revision is on trial, which a publish would end", async () => {
  const live = await liveRevision(database());
  const number = live?.number ?? 1;
  await transaction((tx) => beginTrial(tx, mara, { number, previous: number, minutes: 5 }));
  await feedLists(start);
  expect(asked).toBe(0);
  await expect(fetchNow(mara, "drop")).rejects.toMatchObject({ code: "REVISION_UNSETTLED" });
});

it("is asked once when two consoles look at the same time", async () => {
  await Promise.all([feedLists(start), feedLists(start)]);
  expect(asked).toBe(1);
});
