import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type QueueCommandAnswer,
  type QueueCommandRequest,
  queueCommandRequestSchema,
} from "#core/contract/control-api.ts";

/** The receiving end of queue commands: keeps what it was asked, refuses the ids it is told to. */
export class CommandReceiver {
  readonly asked: QueueCommandRequest[] = [];
  readonly refusals = new Map<string, string>();
  /** Runs before an answer is given. */
  onAsked: () => Promise<void> = async () => {};
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<CommandReceiver> {
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      const command = queueCommandRequestSchema.parse(JSON.parse(text));
      receiver.asked.push(command);
      await receiver.onAsked();
      response.writeHead(200).end(JSON.stringify(receiver.#answer(command)));
    });
    const receiver = new CommandReceiver(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return receiver;
  }

  #answer({ ids }: QueueCommandRequest): QueueCommandAnswer {
    return {
      results: ids.map((id) => ({ id, done: !this.refusals.has(id), reason: this.refusals.get(id) ?? null })),
    };
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
