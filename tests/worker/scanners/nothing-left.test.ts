import { expect, test } from "vitest";
import type { Scanner as ScannerSettings } from "#core/contract/scanner.ts";
import { FakeScanner } from "../../support/fake-scanner.ts";
import { scanned, subjectOf, testScanner } from "../../support/scanned.ts";
import { waitUntil } from "../../support/wait-until.ts";

const kinds: ScannerSettings["kind"][] = ["clamd", "rspamd", "spamd", "icap"];

/** What of ours keeps the process alive. */
function held(): { sockets: number; timers: number } {
  const resources = process.getActiveResourcesInfo();
  const of = (name: string) => resources.filter((resource) => resource === name).length;
  return { sockets: of("TCPSocketWrap") + of("TCPConnectWrap"), timers: of("Timeout") };
}

test.each(kinds)(
  "%s: no socket and no timer is left, whether scans were answered, failed, timed out or given up",
  async (kind) => {
    const before = held();
    const scanner = await FakeScanner.start((heard, _connection, socket) => {
      if (heard.includes("garbage")) return "\x1b[2J\r\n\r\n\0";
      if (heard.includes("die")) socket.destroy();
      return null;
    });
    const subject = testScanner({ kind, at: scanner.at, timeLimitMs: 300, connectionsMax: 2 });
    const results = await Promise.all(
      ["garbage", "die", "silence", "silence"].map((text) => scanned(subject, subjectOf(text))),
    );
    expect(results.map(({ result }) => result)).toEqual(["failed", "failed", "failed", "failed"]);
    subject.scan(subjectOf("silence"), () => expect.unreachable())();
    subject.close();
    // What others hold may end meanwhile.
    await waitUntil("nothing is left", () => {
      const { sockets, timers } = held();
      return scanner.openConnections === 0 && sockets <= before.sockets && timers <= before.timers;
    });
  },
);
