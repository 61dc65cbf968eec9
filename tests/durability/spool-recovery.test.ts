import { expect, test } from "vitest";
import { SegmentSpool } from "#worker/spool/segment-spool.ts";
import type { SpoolEnvelope } from "#worker/spool/spool.ts";
import { envelopeOf } from "../support/queued-message.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** `POSTERN_QUEUED=1000000` for a queue as large as they come. */
const count = Number(process.env["POSTERN_QUEUED"] ?? 100_000);
const atOnce = 2_000;
/** At once as much as a minute of a machine under other load may take. */
const recoveryMsMax = 10_000 * Math.max(1, count / 100_000);
const residentBytesMax = 1024 ** 3;

const open = (stateDir: string): Promise<SegmentSpool> =>
  SegmentSpool.open({
    stateDir,
    now: Date.now,
    damaged: (file, reason) => {
      throw new Error(`${file}: ${reason}`);
    },
  });

function accept(spool: SegmentSpool, envelope: SpoolEnvelope, message: Buffer): Promise<void> {
  const writer = spool.begin(envelope);
  writer.write(message);
  return new Promise((resolve, reject) => {
    writer.commit(`Message for ${envelope.sender}, in words`, (error) => (error === null ? resolve() : reject(error)));
  });
}

test(`a queue of ${count} messages, a third of them tried once, is back within ten seconds for each 100,000, in under 1 GiB`, async () => {
  const stateDir = temporaryFolder();
  const spool = await open(stateDir);
  const message = Buffer.alloc(2_000, "a message of two kilobytes\r\n");
  for (let done = 0; done < count; done += atOnce) {
    const envelopes = Array.from({ length: Math.min(atOnce, count - done) }, (_, n) =>
      envelopeOf({
        sender: `sender-${done + n}@example.org`,
        recipients: [{ address: `user-${n}@example.test`, parameters: [] }],
      }),
    );
    await Promise.all(envelopes.map((envelope) => accept(spool, envelope, message)));
    const tried = envelopes.filter((_, n) => n % 3 === 0);
    await Promise.all(
      tried.map(({ id }) => {
        const record = spool.claim(id);
        if (record === null) throw new Error(`${id} cannot be claimed`);
        const lastReply = `451 4.3.2 later, ${id}`;
        return spool.settle(id, { ...record, state: "deferred", attempts: 1, lastReply, nextAttemptAt: 1 });
      }),
    );
  }
  await spool.close();
  const since = performance.now();
  const again = await open(stateDir);
  const tookMs = performance.now() - since;
  const resident = process.memoryUsage().rss;
  process.stderr.write(`recovery: ${count} in ${Math.round(tookMs)} ms, ${Math.round(resident / 1e6)} MB resident\n`);
  expect(again.size).toBe(count);
  expect(tookMs).toBeLessThan(recoveryMsMax);
  expect(resident).toBeLessThan(residentBytesMax);
  await again.close();
}, 600_000);
