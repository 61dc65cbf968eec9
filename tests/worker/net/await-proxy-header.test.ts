import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { awaitProxyHeader, proxyHeaderMsMax } from "#worker/net/await-proxy-header.ts";
import { LineClient } from "../../support/line-client.ts";

test("a header that does not come in time is a fault; drops of it do not buy more time", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const accepted = once(server, "connection");
  const address = server.address();
  const client = await LineClient.connect(typeof address === "object" && address !== null ? address.port : 0);
  const [socket]: Socket[] = await accepted;
  if (socket === undefined) throw new Error("nothing was accepted");
  const drops = [..."PROXY TCP4 192.0.2.7 198.51.100.1 40000 25"];
  const dripping = setInterval(() => client.socket.write(drops.shift() ?? ""), 5);
  onTestFinished(() => clearInterval(dripping));
  const before = Date.now();
  const header = await new Promise((done) => awaitProxyHeader(socket, done, 50));
  socket.destroy();
  expect(header).toEqual({ fault: "it did not come in 50 ms" });
  expect(Date.now() - before).toBeLessThan(proxyHeaderMsMax);
});
