import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { asked, subjectOf, testEngine } from "../../support/scanned.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** A clamd that finds nothing, in sessions. */
function clean(): (heard: string, connection: number) => string | null {
  const served: number[] = [];
  return (heard, connection) => {
    if (!heard.endsWith("\0\0\0\0")) return null;
    const number = (served[connection] ?? 0) + 1;
    served[connection] = number;
    return `${number}: stream: OK\0`;
  };
}

const content = subjectOf("content");

describe("connections to a scanner", () => {
  test("are used again, one scan after the other", async () => {
    const clamd = await FakeScanner.start(clean());
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    for (let n = 0; n < 5; n++) expect(await asked(engine, content)).toEqual({ result: "clean" });
    expect(clamd.connections).toBe(1);
  });

  test("are as many as there are scans at once", async () => {
    const clamd = await FakeScanner.start(clean());
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    await Promise.all([1, 2, 3].map(() => asked(engine, content)));
    await Promise.all([1, 2, 3].map(() => asked(engine, content)));
    expect(clamd.connections).toBe(3);
  });

  test("go over a Unix socket as well", async () => {
    const socket = join(temporaryFolder(), "clamd.sock");
    await FakeScanner.start(clean(), { path: socket });
    expect(await asked(testEngine({ kind: "clamd", at: { socket } }), content)).toEqual({ result: "clean" });
  });

  test("that died while they were warm are made anew, once, unseen", async () => {
    const clamd = await FakeScanner.start(clean());
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    await asked(engine, content);
    // It hangs up at the moment of the next question.
    clamd.answer = (_heard, connection, socket) => {
      if (connection === 0) socket.resetAndDestroy();
      return connection === 0 ? null : "1: stream: OK\0";
    };
    expect(await asked(engine, content)).toEqual({ result: "clean" });
    expect(clamd.connections).toBe(2);
  });

  test("that are cut in the answer are not made anew: the scan fails", async () => {
    const clamd = await FakeScanner.start(clean());
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    await asked(engine, content);
    clamd.answer = (_heard, _connection, socket) => {
      socket.end("2: stream: O");
      return null;
    };
    expect(await asked(engine, content)).toMatchObject({ result: "failed", why: "protocol" });
    expect(clamd.connections).toBe(1);
  });

  test("that die twice fail the scan", async () => {
    const clamd = await FakeScanner.start(clean());
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    await asked(engine, content);
    clamd.answer = (_heard, _connection, socket) => {
      socket.destroy();
      return null;
    };
    expect(await asked(engine, content)).toMatchObject({ result: "failed", why: "protocol" });
    expect(clamd.connections).toBe(2);
  });

  test("that hear what nobody asked for are closed", async () => {
    const clamd = await FakeScanner.start((heard) =>
      heard.endsWith("\0\0\0\0") ? "1: stream: OK\x001: stream: OK\0" : null,
    );
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    await asked(engine, content);
    await waitUntil("it is closed", () => clamd.openConnections === 0);
  });

  test("with an answer before the end of the question are closed", async () => {
    const clamd = await FakeScanner.start(() => "1: stream: Worm FOUND\0");
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("content");
      await new Promise(() => undefined);
    }
    expect(await asked(engine, { ...content, content: endless })).toEqual({ result: "found", names: ["Worm"] });
    await waitUntil("it is closed", () => clamd.openConnections === 0);
  });

  test("are cut when a scan is given up, and nothing is answered", async () => {
    const clamd = await FakeScanner.start(() => null);
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    const cancel = engine.ask(content, () => expect.unreachable());
    await waitUntil("the question came", () => clamd.openConnections === 1);
    cancel();
    cancel();
    await waitUntil("it is closed", () => clamd.openConnections === 0);
  });

  test("that are warm end when the scanner is no longer in use, and the others after their answer", async () => {
    const clamd = await FakeScanner.start(clean());
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    await Promise.all([asked(engine, content), asked(engine, content)]);
    const last = asked(engine, content);
    engine.close();
    expect(await last).toEqual({ result: "clean" });
    await waitUntil("they are closed", () => clamd.openConnections === 0);
  });
});

describe("content that is not what was said of it", () => {
  test.each([
    ["is shorter", { ...content, bytes: 8 }],
    ["is longer", { ...content, bytes: 6 }],
    [
      "cannot be read",
      {
        ...content,
        async *content(): AsyncGenerator<Uint8Array> {
          yield Buffer.from("cont");
          throw new Error("the disk is gone");
        },
      },
    ],
  ])("%s: the scan fails and the connection is closed", async (_how, subject) => {
    const clamd = await FakeScanner.start(clean());
    const engine = testEngine({ kind: "clamd", at: clamd.at });
    expect(await asked(engine, subject)).toMatchObject({ result: "failed", why: "unreadable" });
    await waitUntil("it is closed", () => clamd.openConnections === 0);
  });

  test("a source that was given up is closed as well", async () => {
    const clamd = await FakeScanner.start(() => null);
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(65_536);
      } finally {
        closed = true;
      }
    }
    const cancel = testEngine({ kind: "clamd", at: clamd.at }).ask(
      { ...content, bytes: 1e12, content: source },
      () => undefined,
    );
    await waitUntil("the question came", () => clamd.openConnections === 1);
    cancel();
    await waitUntil("the source is closed", () => closed);
  });
});
