import { type FakeSmtpOptions, FakeSmtpServer } from "./fake-smtp-server.ts";
import { SmtpClient } from "./smtp-client.ts";
import { type GatewayOptions, SmtpGateway } from "./smtp-gateway.ts";
import { waitUntil } from "./wait-until.ts";

export type SmtpRig = {
  upstream: FakeSmtpServer;
  gateway: SmtpGateway;
  /** Connected, greeting read. */
  client: SmtpClient;
  connect(): Promise<SmtpClient>;
};

const running: (Omit<SmtpRig, "connect" | "client"> & { clients: SmtpClient[] })[] = [];

/** A client, the proxy and a fake upstream on real ports; `greets` false: the client waits for no greeting. `closeRigs` must run after the test. */
export async function smtpRig(
  { greets = true, ...options }: Partial<GatewayOptions> & { greets?: boolean } = {},
  upstreamOptions: FakeSmtpOptions = {},
): Promise<SmtpRig> {
  const upstream = await FakeSmtpServer.start(upstreamOptions);
  const gateway = await SmtpGateway.start({ upstreamPorts: [upstream.port], ...options });
  const clients: SmtpClient[] = [];
  running.push({ upstream, gateway, clients });
  const connect = async () => {
    const client = await SmtpClient.connect(gateway.port, greets);
    clients.push(client);
    return client;
  };
  return { upstream, gateway, connect, client: await connect() };
}

/** Ends everything, and throws when a session or an upstream connection outlives its end. */
export async function closeRigs(): Promise<void> {
  for (const { upstream, gateway, clients } of running.splice(0)) {
    for (const client of clients) client.close();
    await waitUntil("the sessions end", () => gateway.openSessions === 0);
    await gateway.stop();
    await waitUntil("the upstream connections end", () => upstream.openConnections === 0);
    await upstream.stop();
  }
}
