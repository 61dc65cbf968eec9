import { connect, createServer } from "node:net";

// Passes bytes on and reads none of them, LISTEN to TARGET: the least that any proxy in Node costs.

const [listen, target] = process.argv.slice(2).map(Number);

createServer((client) => {
  const server = connect({ port: target ?? 0, host: "127.0.0.1", noDelay: true });
  client.setNoDelay(true);
  client.pipe(server).pipe(client);
  client.on("error", () => server.destroy());
  server.on("error", () => client.destroy());
}).listen(listen, "127.0.0.1");
