import pg from "pg";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { closeDatabase, transaction } from "#lib/db.ts";
import { changeStream } from "#lib/live/change-stream.ts";
import { LiveHub } from "#lib/live/hub.ts";
import { announce } from "#lib/live/mutations.ts";
import type { Topic } from "#lib/live/topics.ts";
import { topicSchema } from "#lib/live/topics.ts";
import { useTestDatabase } from "../../support/database.ts";
import { waitUntil } from "../../support/wait-until.ts";

const everything = JSON.stringify(topicSchema.options);
const testDatabase = useTestDatabase();
afterAll(closeDatabase);

async function sql<Row>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  try {
    const { rows } = await client.query(text);
    return rows as Row[];
  } finally {
    await client.end();
  }
}

function listenConnections(): Promise<{ pid: number }[]> {
  return sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN postern'");
}

function openStream(hub: LiveHub) {
  const abort = new AbortController();
  const stream = changeStream(hub, { signal: abort.signal, stillAllowed: async () => true });
  const heard = { text: "", ended: false };
  const pump = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) heard.text += decoder.decode(chunk);
    heard.ended = true;
  };
  void pump();
  onTestFinished(() => abort.abort());
  return { heard, abort };
}

/** A stream that has told the first thing it tells: that everything may have changed before it listened. */
async function openSettledStream(hub: LiveHub) {
  const stream = openStream(hub);
  await waitUntil("one LISTEN", async () => (await listenConnections()).length === 1);
  await waitUntil("the first event", () => stream.heard.text.includes("changed"));
  expect(stream.heard.text).toContain(everything);
  stream.heard.text = "";
  return stream;
}

function say(...topics: Topic[]): Promise<void> {
  return transaction((tx) => announce(tx, topics));
}

describe("the live stream", () => {
  test("hears a change when its transaction commits, and not when it rolls back", async () => {
    const { heard } = await openSettledStream(new LiveHub());
    await transaction(async (tx) => {
      await announce(tx, ["draft"]);
      throw new Error("rolled back");
    }).catch(() => {});
    await say("queue");
    await waitUntil("the event", () => heard.text.includes("changed"));
    expect(heard.text).toContain('event: changed\ndata: {"topics":["queue"]}\n\n');
    expect(heard.text).not.toContain("draft");
  });

  test("gathers a burst of changes into few events", async () => {
    const { heard } = await openSettledStream(new LiveHub());
    for (let n = 0; n < 20; n++) await say(n % 2 === 0 ? "queue" : "messages");
    await say("audit");
    await waitUntil("the event", () => heard.text.includes("audit"));
    expect(heard.text.match(/event: changed/g)?.length).toBeLessThanOrEqual(4);
  });

  test("many streams share one connection, which closes with the last of them", async () => {
    const hub = new LiveHub();
    const streams = [openStream(hub), openStream(hub), openStream(hub)];
    await waitUntil("one LISTEN", async () => (await listenConnections()).length === 1);
    expect(hub.size).toBe(3);
    for (const { abort } of streams) abort.abort();
    await waitUntil("no LISTEN", async () => (await listenConnections()).length === 0);
    expect(hub.size).toBe(0);
    await waitUntil("the end", () => streams.every(({ heard }) => heard.ended));
  });

  test("after a lost connection it comes back and says that everything may have changed", async () => {
    const { heard } = await openSettledStream(new LiveHub());
    const [listener] = await listenConnections();
    await sql(`SELECT pg_terminate_backend(${listener?.pid})`);
    await waitUntil("the event", () => heard.text.includes("changed"));
    expect(heard.text).toContain(everything);
    await say("queue");
    await waitUntil("the event", () => heard.text.includes('{"topics":["queue"]}'));
  });
});
