import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { signedBundleSchema } from "#core/contract/bundle.ts";
import {
  type ControlError,
  controlPaths,
  credentialsRequestSchema,
  signingKeysRequestSchema,
} from "#core/contract/control-api.ts";
import type { Credential } from "#core/contract/credential.ts";
import { type PinnedKey, verifyBundle } from "#worker/policy/verify-bundle.ts";

/** The receiving end of a policy push: checks signatures with the worker's own code, keeps what it took, refuses when told to. */
export class PolicyReceiver {
  readonly taken: number[] = [];
  /** What it was given last. */
  credentials: Credential[] | null = null;
  refusal: ControlError | null = null;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on loopback as worker `workerId`, which trusts only `pinned`. */
  static async listen(workerId: string, pinned: PinnedKey): Promise<PolicyReceiver> {
    const server = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (request.url === controlPaths.credentials) {
        const { credentials } = credentialsRequestSchema.parse(JSON.parse(text));
        receiver.credentials = credentials;
        return answer(200, { names: credentials.map(({ name }) => name) });
      }
      if (request.url === controlPaths.signingKeys) {
        const { keys } = signingKeysRequestSchema.parse(JSON.parse(text));
        return answer(200, { names: keys.map(({ name }) => name) });
      }
      const verified = verifyBundle(signedBundleSchema.parse(JSON.parse(text)), pinned, workerId);
      if (!verified.ok) return answer(422, { error: verified.refusal });
      if (receiver.refusal !== null) return answer(422, { error: receiver.refusal });
      const { revision, digest } = verified.payload;
      receiver.taken.push(revision);
      return answer(200, { revision, digest, changed: true });
    });
    const receiver = new PolicyReceiver(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return receiver;
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
