import { afterEach, describe, expect, test } from "vitest";
import { clockJumps, settableClock } from "../../support/settable-clock.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

afterEach(closeRigs);

describe.each(clockJumps)("a clock that is set %s a day", (_where, ms) => {
  test("ends no session before its idle time, and keeps none for longer", async () => {
    const set = settableClock();
    const { client } = await smtpRig({ limits: { idleTimeoutMs: 1000 } });
    const since = performance.now();
    set(ms);
    expect(await client.reply()).toMatch(/^421 4\.4\.2/);
    expect(performance.now() - since).toBeGreaterThan(500);
  });
  test("ends no wait for a server before its time, and makes none longer", async () => {
    const set = settableClock();
    const silent = { answer: (line: string) => (line.startsWith("RCPT") ? null : undefined) };
    const { client, upstream } = await smtpRig({ replyTimeoutMs: 1000 }, silent);
    await client.command("EHLO c.test");
    await client.command("MAIL FROM:<a@sender.test>");
    const answer = client.command("RCPT TO:<b@inside.test>");
    await expect.poll(() => upstream.lines.some((line) => line.startsWith("RCPT"))).toBe(true);
    const since = performance.now();
    set(ms);
    expect(await answer).toMatch(/^4/);
    expect(performance.now() - since).toBeGreaterThan(500);
  });
});
