import { describe, expect, test } from "vitest";
import { Pop3Client } from "../../support/pop3-gateway.ts";
import { startPop3 } from "../../support/pop3-setup.ts";
import { waitUntil } from "../../support/wait-until.ts";

const failed = "-ERR [AUTH] Login failed\r\n";
const port = (client: Pop3Client) => client.socket.remotePort ?? 0;

describe("a login that fails", () => {
  test.each([
    ["the password is wrong", "joe", undefined],
    ["the user is not known to the server, which says so at PASS", "nobody", undefined],
    ["the server says already at USER that it does not know the user", "nobody", "-ERR no such user\r\n"],
    ["the server closes behind its answer", "joe", "close"],
  ])("is answered with the same words when %s", async (_, user, atUser) => {
    const { client } = await startPop3({
      onCommand: (line, socket) => {
        if (atUser === "close" && line.startsWith("PASS")) return socket.end("-ERR bad password for joe\r\n") !== null;
        if (atUser === undefined || atUser === "close" || !line.startsWith("USER")) return false;
        return socket.write(atUser);
      },
    });
    await client.line();
    expect(await client.ask(`USER ${user}`)).toBe("+OK\r\n");
    expect(await client.ask("PASS wrong")).toBe(failed);
  });

  test("of a user that the server refused at USER sends it no password, and no earlier user's mailbox opens", async () => {
    const { client, upstream } = await startPop3({
      onCommand: (line, socket) => line === "USER nobody" && socket.write("-ERR no such user\r\n"),
    });
    await client.line();
    await client.ask("USER joe");
    await client.ask("USER nobody");
    expect(await client.ask("PASS secret")).toBe(failed);
    expect(upstream.commands).toEqual(["USER joe", "USER nobody"]);
  });

  test.each(["[SYS/TEMP] busy", "[SYS/PERM] disabled", "[IN-USE] locked", "[LOGIN-DELAY] too soon"])(
    "for another reason than user and secret is passed on and counts nothing: %s",
    async (text) => {
      const { client, gate } = await startPop3({
        onCommand: (line, socket) => line.startsWith("PASS") && socket.write(`-ERR ${text}\r\n`),
      });
      await client.line();
      await client.ask("USER joe");
      expect(await client.ask("PASS secret")).toBe(`-ERR ${text}\r\n`);
      expect(gate.events).toEqual([]);
    },
  );

  test("for such a reason already at USER is told at PASS, and the server hears no password", async () => {
    const { client, gate, upstream } = await startPop3({
      onCommand: (line, socket) => line.startsWith("USER") && socket.write("-ERR [SYS/TEMP] busy\r\n"),
    });
    await client.line();
    expect(await client.ask("USER joe")).toBe("+OK\r\n");
    expect(await client.ask("PASS secret")).toBe("-ERR [SYS/TEMP] busy\r\n");
    expect(gate.events).toEqual([]);
    expect(upstream.commands).toEqual(["USER joe"]);
  });

  test("takes the same time whether the user exists or not, and the server's own time does not show", async () => {
    const delay = 150;
    const { client, gate } = await startPop3(
      {
        onCommand: (line, socket) => {
          if (line !== "PASS slow") return false;
          setTimeout(() => socket.write("-ERR slow\r\n"), 60);
          return true;
        },
      },
      { limits: { loginFailureDelayMs: delay, loginFailuresMax: 100, loginFailuresPerSourceMax: 100 } },
    );
    await client.line();
    const times: Record<string, number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 5; round++) {
      for (const [kind, user, password] of [
        ["known", "joe", "slow"],
        ["unknown", "nobody", "quick"],
      ] as const) {
        await client.ask(`USER ${user}`);
        const began = performance.now();
        expect(await client.ask(`PASS ${password}`)).toBe(failed);
        times[kind]?.push(performance.now() - began);
      }
    }
    const [known = 0, unknown = 0] = [times["known"], times["unknown"]].map(median);
    expect(Math.min(...Object.values(times).flat())).toBeGreaterThan(delay - 2);
    expect(Math.abs(known - unknown)).toBeLessThan(25);
    expect(gate.bans).toEqual([]);
  });

  test("is waited for by its session alone, and pipelined guesses come one after the other", async () => {
    const delay = 120;
    const { client } = await startPop3({}, { limits: { loginFailureDelayMs: delay } });
    await client.line();
    const other = new Pop3Client(port(client));
    const began = performance.now();
    client.say("USER joe\r\nPASS a\r\n".repeat(3));
    await other.login();
    expect(performance.now() - began).toBeLessThan(delay);
    await waitUntil("three guesses are answered", () => client.heard.split(failed).length === 4);
    expect(performance.now() - began).toBeGreaterThan(3 * delay - 5);
    other.socket.destroy();
  });

  test("leaves no timer behind when the client goes away meanwhile", async () => {
    const { client, gate } = await startPop3({}, { limits: { loginFailureDelayMs: 60_000 } });
    await client.line();
    client.say("USER joe\r\nPASS wrong\r\n");
    await waitUntil("it failed", () => gate.events.length === 1);
    client.socket.destroy();
    await waitUntil("the session is over", () => gate.ended === 1);
  });
});

describe("guessing", () => {
  test("40 passwords in one session: it is closed after loginFailuresMax, and the server hears no more of them", async () => {
    const { client, upstream } = await startPop3();
    client.say("USER joe\r\nPASS guess\r\n".repeat(40));
    const heard = await client.whenClosed();
    expect(heard.split(failed)).toHaveLength(6);
    expect(upstream.commands.filter((line) => line.startsWith("PASS"))).toHaveLength(5);
  });

  test("over sessions ends with a ban of the source, whose reason the Bans page shows", async () => {
    const { client, gate, upstream } = await startPop3({}, { limits: { loginFailuresPerSourceMax: 3 } });
    await client.line();
    const [second, third] = [new Pop3Client(port(client)), new Pop3Client(port(client))];
    for (const user of ["a", "b"]) {
      await client.ask(`USER ${user}`);
      expect(await client.ask("PASS x")).toBe(failed);
    }
    second.say("USER c\r\nPASS x\r\nUSER d\r\nPASS x\r\n");
    expect(await second.whenClosed()).toMatch(/Login failed\r\n$/);
    third.say("USER joe\r\nPASS secret\r\n");
    expect(await third.whenClosed()).toMatch(/-ERR \[SYS\/TEMP\] [^\r]+\r\n$/);
    const reason = "limit: loginFailuresPerSourceMax: 3 failed logins within 10 minutes";
    expect(gate.bans).toEqual([{ address: "127.0.0.1", minutes: 10, reason, by: "limit" }]);
    expect(upstream.commands.filter((line) => line.startsWith("PASS"))).toHaveLength(3);
  });

  test("one user's password from many sources holds that user's logins back, not those of others", async () => {
    const { client, gate, upstream } = await startPop3({}, { limits: { loginFailuresPerUserMax: 2 } });
    const limits = { loginFailuresPerUserMax: 2, loginFailuresPerSourceMax: 20, loginFailureMinutes: 10 };
    for (const source of ["192.0.2.1", "192.0.2.2"]) {
      gate.loginFailures.note(source, "JOE", { ...limits, loginBanMinutes: 10 });
    }
    await client.line();
    await client.ask("USER joe");
    expect(await client.ask("PASS secret")).toMatch(/^-ERR \[SYS\/TEMP\] /);
    expect(upstream.commands).toEqual(["USER joe"]);
    expect(gate.events).toMatchObject([{ cause: expect.stringContaining("loginFailuresPerUserMax") }]);
    await client.ask("USER ann");
    expect(await client.ask("PASS x")).toBe(failed);
  });
});

function median(values: number[] = []): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
