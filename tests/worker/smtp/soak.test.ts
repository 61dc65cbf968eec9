import { afterEach, expect, test } from "vitest";
import { seededRandom } from "../../support/seeded-random.ts";
import type { SmtpClient } from "../../support/smtp-client.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";
import { waitUntil } from "../../support/wait-until.ts";

afterEach(closeRigs);

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);

test(`every 250 stands for one message at the upstream or in the spool, whatever the upstream does (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const oneIn = (n: number) => random() * n < 1;
  const { upstream, gateway, connect } = await smtpRig(
    {
      delivery: "inline-or-spool",
      replyTimeoutMs: 1000,
      connectTimeoutMs: 1000,
      limits: { errorsMax: 1000, connectionsMax: 1000 },
    },
    {
      answer: (line, socket) => {
        if (oneIn(60)) return socket.destroy(), null;
        if (line.startsWith("QUIT") || line.startsWith("EHLO")) return undefined;
        if (oneIn(60)) return "451 4.3.0 not now";
        return oneIn(100) ? "rubbish" : undefined;
      },
      answerBody: (_body, socket) => (oneIn(20) ? (socket.destroy(), null) : oneIn(20) ? "554 5.6.0 no" : undefined),
    },
  );
  const accepted: string[] = [];
  const converse = async (client: SmtpClient, name: string) => {
    await client.command("EHLO c.test");
    for (let n = 0; n < 8; n++) {
      const id = `${name}-${n}`;
      if (oneIn(6)) await client.command(oneIn(2) ? "RSET" : "EHLO c.test");
      await client.command(`MAIL FROM:<${id}@s.test>`);
      await client.command("RCPT TO:<b@i.test>");
      if (oneIn(10)) await client.command("RSET");
      if (!(await client.command("DATA")).startsWith("354")) {
        await client.command("RSET");
        continue;
      }
      if (oneIn(20)) return client.close();
      client.send(`Subject: ${id}\r\n\r\n..${"x".repeat(Math.floor(random() * 900))}\r\n.\r\n`);
      if ((await client.reply()).startsWith("250")) accepted.push(id);
    }
    client.send("QUIT\r\n");
  };
  await Promise.all(Array.from({ length: 40 }, async (_, n) => await converse(await connect(), `c${n}`)));
  await waitUntil("the sessions end", () => gateway.openSessions === 1);
  const delivered = upstream.mails.map(({ lines }) => /<(.*)@/.exec(lines[0] ?? "")?.[1] ?? "");
  const spooled = [...gateway.spool.ids()].map((id) => gateway.spool.entry(id)?.sender.replace(/@.*/, "") ?? "");
  expect(accepted.filter((id) => !delivered.includes(id) && !spooled.includes(id))).toEqual([]);
  // The upstream may take one whose 250 we never heard; nobody heard 250 for less than one message.
  expect(new Set([...delivered, ...spooled]).size).toBe(delivered.length + spooled.length);
  expect(accepted.length).toBeGreaterThan(50);
  expect(upstream.received.join("").replaceAll("\r\n", "")).not.toMatch(/[\r\n\0]/);
  for (const { outcome } of gateway.messages) expect(outcome).not.toBe("retrieved");
});
