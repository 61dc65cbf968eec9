import { describe, expect, test } from "vitest";
import { startPop3 } from "../../support/pop3-setup.ts";
import { clockJumps, settableClock } from "../../support/settable-clock.ts";

describe.each(clockJumps)("a clock that is set %s a day", (_where, ms) => {
  test("ends no session before its idle time, and keeps none for longer", async () => {
    const set = settableClock();
    const { client } = await startPop3({}, { limits: { idleTimeoutMs: 1000 } });
    await client.login();
    const since = performance.now();
    set(ms);
    expect(await client.whenClosed()).toBe("");
    expect(performance.now() - since).toBeGreaterThan(500);
  });
  test("ends no wait for a server before its time, and makes none longer", async () => {
    const set = settableClock();
    const { client, upstream } = await startPop3(
      { onCommand: (line) => line === "STAT" },
      { route: { replyTimeoutMs: 1000 } },
    );
    await client.login();
    client.say("STAT\r\n");
    await expect.poll(() => upstream.commands.includes("STAT")).toBe(true);
    const since = performance.now();
    set(ms);
    expect(await client.whenClosed()).toMatch(/^-ERR \[SYS\/TEMP\]/);
    expect(performance.now() - since).toBeGreaterThan(500);
  });
});
