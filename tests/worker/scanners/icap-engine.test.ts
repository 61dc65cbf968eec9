import { describe, expect, test } from "vitest";
import { type FakeAnswer, FakeScanner } from "../../support/fake-scanner.ts";
import { asked, scanned, subjectOf, testEngine, testScanner } from "../../support/scanned.ts";
import { waitUntil } from "../../support/wait-until.ts";

const clean = "ICAP/1.0 204 No\r\n\r\n";

/** A service that can do what `options` says, and answers each content that came to its end with `verdict`. */
function serviceThat(verdict: (heard: string) => string | null, options = ""): FakeAnswer {
  return (heard) => {
    if (heard.startsWith("OPTIONS")) {
      return heard.endsWith("\r\n\r\n") ? `ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\n${options}\r\n` : null;
    }
    return /0(?:; ieof)?\r\n\r\n$/.test(heard) ? verdict(heard) : null;
  };
}

function count(service: FakeScanner, word: string): number {
  return service.received.join("").split(word).length - 1;
}

describe("what an ICAP service can do", () => {
  test("is asked before the first scan, on the same connection, and not again while it holds", async () => {
    const service = await FakeScanner.start(serviceThat(() => clean, "Options-TTL: 3600\r\n"));
    const engine = testEngine({ kind: "icap", at: service.at, service: "avscan" });
    for (let n = 0; n < 3; n++) expect(await asked(engine, subjectOf("content"))).toEqual({ result: "clean" });
    expect(service.received).toHaveLength(1);
    expect([count(service, "OPTIONS icap://"), count(service, "RESPMOD icap://")]).toEqual([1, 3]);
    expect(service.received[0]).toContain(`OPTIONS icap://127.0.0.1:${service.at.port}/avscan ICAP/1.0\r\n`);
  });

  test("is asked again when it no longer holds", async () => {
    const service = await FakeScanner.start(serviceThat(() => clean, "Options-TTL: 0\r\n"));
    const engine = testEngine({ kind: "icap", at: service.at });
    for (let n = 0; n < 3; n++) await asked(engine, subjectOf("content"));
    expect(count(service, "OPTIONS icap://")).toBe(3);
  });

  test("that allows fewer connections than the settings gets no more", async () => {
    let running = 0;
    let most = 0;
    const service = await FakeScanner.start(
      serviceThat(() => {
        running++;
        most = Math.max(most, running);
        setImmediate(() => {
          running--;
          service.say(clean);
        });
        return null;
      }, "Max-Connections: 1\r\n"),
    );
    const scanner = testScanner({ kind: "icap", at: service.at, connectionsMax: 8 });
    await waitUntil("its options are known", () => scanner.status().state === "up");
    await Promise.all(Array.from({ length: 5 }, () => scanned(scanner, subjectOf("content"))));
    expect(most).toBe(1);
  });

  test("that is refused fails the scan, and it can be given up meanwhile", async () => {
    const service = await FakeScanner.start(() => "ICAP/1.0 503 busy\r\n\r\n");
    const engine = testEngine({ kind: "icap", at: service.at });
    expect(await asked(engine, subjectOf("content"))).toMatchObject({ result: "failed", why: "protocol" });
    service.answer = () => null;
    engine.ask(subjectOf("content"), () => expect.unreachable())();
    await waitUntil("no connection is left", () => service.openConnections === 0);
  });
});

test("what lies behind the preview is sent when the service asks for it, on the same connection", async () => {
  const content = "x".repeat(100_000);
  const service = await FakeScanner.start(
    serviceThat((heard) => {
      if (heard.startsWith("RESPMOD")) return "ICAP/1.0 100 Continue\r\n\r\n";
      const bytes = heard.replace(/[0-9a-f]+\r\n(x+)\r\n/g, "$1");
      return bytes === `${content.slice(4)}0\r\n\r\n` ? clean : "ICAP/1.0 500 wrong\r\n\r\n";
    }, "Preview: 4\r\n"),
  );
  const engine = testEngine({ kind: "icap", at: service.at });
  for (let n = 0; n < 2; n++) expect(await asked(engine, subjectOf(content))).toEqual({ result: "clean" });
  expect(service.connections).toBe(1);
});
