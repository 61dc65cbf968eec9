import { createServer, type Server, type Socket } from "node:net";
import { Mailboxes } from "./mailboxes.ts";
import { DemoPop3Session } from "./pop3-session.ts";
import { DemoSmtpSession } from "./smtp-session.ts";

/** The password of every demo mailbox. */
export const demoPassword = "demo";

export type DemoMailServer = {
  smtpPort: number;
  pop3Port: number;
  mailboxes: Mailboxes;
  /** Stops listening and cuts the connections. */
  stop(): Promise<void>;
};

/**
 * Starts the demo mail server on loopback; port 0 takes a free one. SMTP delivers into mailboxes, POP3 reads them. Messages are kept byte
 * for byte as DATA carried them. Give `mailboxes` to keep them over a stop and a start. Rejects when a port is taken.
 */
export async function startDemoMailServer(options: {
  smtpPort: number;
  pop3Port: number;
  mailboxes?: Mailboxes;
}): Promise<DemoMailServer> {
  const mailboxes = options.mailboxes ?? new Mailboxes();
  const sockets = new Set<Socket>();
  const serve = (onSocket: (socket: Socket) => unknown): Server =>
    createServer({ noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      onSocket(socket);
    });
  const smtp = serve((socket) => new DemoSmtpSession(socket, mailboxes));
  const pop3 = serve((socket) => new DemoPop3Session(socket, mailboxes, demoPassword));
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await Promise.all([smtp, pop3].map((server) => new Promise((done) => server.close(done))));
  };
  try {
    const smtpPort = await listen(smtp, options.smtpPort);
    return { smtpPort, pop3Port: await listen(pop3, options.pop3Port), mailboxes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      done(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}
