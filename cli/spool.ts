import { once } from "node:events";
import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { QueueEntry } from "#core/contract/queue.ts";
import { type InspectedQueue, inspectQueue } from "#worker/spool/inspect-queue.ts";
import type { SpoolMessage } from "#worker/spool/spool-file.ts";

type Options = { json: boolean };

/** `postern spool …`: a worker's queue as it stands in its state folder; nothing there is changed. null: no such command. */
export async function spoolCommand(verb: string, args: readonly string[], options: Options): Promise<number | null> {
  const [stateDir = "", ...rest] = args;
  const command = commandOf(verb, rest, options);
  if (command === null || stateDir === "") return null;
  const queue = await inspectQueue(stateDir);
  try {
    return await command(queue);
  } finally {
    queue.close();
  }
}

function commandOf(
  verb: string,
  [target, ...more]: readonly string[],
  { json }: Options,
): ((queue: InspectedQueue) => Promise<number>) | null {
  if (more.length > 0) return null;
  if (verb === "verify" && target === undefined) return verify;
  if (verb === "ls" && target === undefined) return (queue) => list(queue, json);
  if (verb === "cat" && target !== undefined) return (queue) => cat(queue, target);
  if (verb === "export" && target !== undefined) {
    return (queue) => (target.endsWith(".mbox") ? exportMbox(queue, target) : exportFiles(queue, target));
  }
  return null;
}

/** Reads every octet of every message. */
async function verify(queue: InspectedQueue): Promise<number> {
  for (const id of queue.table.ids()) await queue.load(id);
  for (const { what, reason } of queue.damage) say(`${what}: ${reason}`);
  say(`${queue.table.size} messages in ${queue.segments} segments, ${queue.damage.length} damaged`);
  return queue.damage.length === 0 ? 0 : 1;
}

async function list({ table }: InspectedQueue, json: boolean): Promise<number> {
  for (const id of table.ids()) {
    const entry = table.entry(id);
    if (entry !== null) await write(json ? `${JSON.stringify(entry)}\n` : `${entryLine(entry)}\n`);
  }
  return 0;
}

function entryLine({
  id,
  state,
  receivedAt,
  bytes,
  route,
  sender,
  recipients,
  attempts,
  lastReply,
}: EntryLine): string {
  const reply = lastReply === null ? "" : `  ${attempts} attempts, the last: ${lastReply}`;
  return `${id}  ${state.padEnd(10)} ${receivedAt}  ${String(bytes).padStart(9)}  ${route}  <${sender}> → ${recipients.join(" ")}${reply}`;
}

type EntryLine = Pick<
  QueueEntry,
  "id" | "state" | "receivedAt" | "bytes" | "route" | "sender" | "recipients" | "attempts" | "lastReply"
>;

async function cat(queue: InspectedQueue, id: string): Promise<number> {
  const message = await queue.load(id);
  if (message === null) {
    process.stderr.write(`${queue.damage.at(-1)?.reason ?? `${id} is not in the queue`}\n`);
    return 1;
  }
  await pipeline(message.open(), process.stdout, { end: false });
  return 0;
}

/** `ID.eml` and, with its envelope and what became of it, `ID.json`. */
async function exportFiles(queue: InspectedQueue, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return await exportAll(queue, async (entry, message) => {
    const about = { ...entry, envelope: message.envelope };
    writeFileSync(join(folder, `${entry.id}.json`), `${JSON.stringify(about, null, 2)}\n`, { mode: 0o600 });
    await pipeline(message.open(), createWriteStream(join(folder, `${entry.id}.eml`), { mode: 0o600 }));
  });
}

/** One after the other, "From " at line starts quoted (mboxrd), line ends LF. */
async function exportMbox(queue: InspectedQueue, path: string): Promise<number> {
  const mbox = createWriteStream(path, { flags: "wx", mode: 0o600 });
  await once(mbox, "open");
  const status = await exportAll(queue, async (entry, message) => {
    const text = (await buffer(message.open())).toString("latin1").replaceAll("\r\n", "\n");
    const from = `From ${entry.sender || "MAILER-DAEMON"} ${new Date(entry.receivedAt).toUTCString()}\n`;
    const quoted = text.replaceAll(/^(>*From )/gm, ">$1");
    await writeTo(mbox, Buffer.from(`${from}${quoted}${quoted.endsWith("\n") ? "" : "\n"}\n`, "latin1"));
  });
  await new Promise((resolve) => mbox.end(resolve));
  return status;
}

async function exportAll(
  queue: InspectedQueue,
  take: (entry: QueueEntry, message: SpoolMessage) => Promise<void>,
): Promise<number> {
  let taken = 0;
  for (const id of queue.table.ids()) {
    const entry = queue.table.entry(id);
    const message = await queue.load(id);
    if (entry === null || message === null) continue;
    await take(entry, message);
    taken++;
  }
  for (const { what, reason } of queue.damage) process.stderr.write(`${what}: ${reason}\n`);
  say(`${taken} messages`);
  return queue.damage.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

async function writeTo(stream: WriteStream, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, "drain");
}
