import type { WorkerStatus } from "#core/contract/report.ts";
import type { Part } from "./part.ts";
import type { Settings } from "./settings.ts";

/** What the newcomer needs: where everything is, what to do first, how to stop. */
export function startReport(
  settings: Settings,
  status: WorkerStatus | null,
  mailServer: Part | null,
  setupLink: string | null,
): string {
  const { ports } = settings;
  const rows: [string, string][] = [["Console", settings.consoleUrl]];
  for (const { protocol, interface: name, address, port } of status?.listeners ?? []) {
    rows.push([`${protocol.toUpperCase()} on ${name}`, `${address.includes(":") ? `[${address}]` : address}:${port}`]);
  }
  rows.push(["Worker control", `127.0.0.1:${ports.POSTERN_CONTROL_PORT}`]);
  if (mailServer?.pid != null) {
    const place = `SMTP 127.0.0.1:${ports.POSTERN_DEMO_SMTP_PORT}, POP3 127.0.0.1:${ports.POSTERN_DEMO_POP3_PORT}`;
    rows.push([
      "Demo mail server",
      `${place} (pid ${mailServer.pid}; kill it to see mail wait, npm run demo:server to bring it back)`,
    ]);
  }
  rows.push(["Data, keys, logs", settings.stateFolder]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = ["", "Postern is running.", "", ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)];
  for (const fault of status?.faults ?? []) lines.push("", `  The worker reports: ${fault}`);
  if (setupLink !== null) {
    lines.push("", "  Make the first administrator here (once, within 30 minutes):", `  ${setupLink}`);
  }
  lines.push("", "  Send it something: npm run demo:send -- --help. Ctrl-C stops; a second one stops at once.", "");
  return lines.join("\n");
}
