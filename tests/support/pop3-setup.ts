import { onTestFinished } from "vitest";
import { type FakePop3Options, FakePop3Server } from "./fake-pop3-server.ts";
import { type GatewayOptions, Pop3Client, Pop3Gateway } from "./pop3-gateway.ts";

/** A server, our gateway before it, and a connected client; closed after the test, which fails when something stays behind. */
export async function startPop3(server: FakePop3Options = {}, gateway: Partial<GatewayOptions> = {}) {
  const upstream = new FakePop3Server(server);
  const options = { targets: [await upstream.listen()], ...gateway };
  onTestFinished(() => upstream.close());
  return { upstream, options, ...(await startGateway(options)) };
}

/** The gateway alone, before whatever listens on the targets. */
export async function startGateway(options: GatewayOptions) {
  const gate = new Pop3Gateway(options);
  onTestFinished(() => gate.close());
  const port = await gate.listen();
  const client = new Pop3Client(port);
  onTestFinished(() => void client.socket.destroy());
  return { gate, client, port };
}

/** Rules that replace every message with a part whose name ends with .exe. */
export const noExe = {
  attachment: { rules: [{ name: "no exe", when: { fileName: { like: "*.exe" } }, action: "replace" }] },
};
