import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { DovecotServer, dovecotPrograms } from "../support/dovecot-server.ts";
import { startGateway } from "../support/pop3-setup.ts";
import { requires } from "../support/requires.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { oauthCredential, tokenInfoServer, tokenServer } from "../support/token-server.ts";
import { mailboxClients } from "./clients/mailbox-clients.ts";

const dovecot = requires(dovecotPrograms, { root: true });
const mail = "From: a@example.test\r\nTo: joe@example.test\r\nSubject: by token\r\n\r\nhello\r\n";
const clientPassword = "only-here-0815";

/** A bridge before a Dovecot that takes tokens; the port that mail programs are given. */
async function bridged(): Promise<{ port: number; server: DovecotServer; user: string }> {
  const tokens = await tokenServer(() => ({ body: { access_token: "a-good-token", token_type: "Bearer" } }));
  const info = await tokenInfoServer({ "a-good-token": "user1" });
  const server = await DovecotServer.start({ tokenInfoUrl: info });
  onTestFinished(() => server.stop());
  const user = server.mailboxes.add([mail]);
  const { port, client } = await startGateway({
    targets: [server.port],
    route: { tls: { mode: "none" }, bridge: { credentials: ["cloud"], others: "refuse" } },
    credentials: [oauthCredential(tokens.url, { user, clientPassword })],
  });
  client.socket.destroy();
  return { port, server, user };
}

describe.skipIf(!dovecot.met)("a mail program that knows a password, before a Dovecot that is given a token", () => {
  describe.each(mailboxClients)("$name", (client) => {
    test.skipIf(!requires(client.programs).met)("fetches its mail", async () => {
      const { port, server, user } = await bridged();
      const visit = { port, user, password: clientPassword, security: "clear", login: "user", keep: false } as const;
      const memory = join(temporaryFolder(), "memory");
      const { messages, heard } = await client.fetch({ ...visit, authorityFile: "", memory });
      expect({ messages: messages.map(String), heard }).toMatchObject({ messages: [mail] });
      expect(server.mailboxes.count(user)).toBe(0);
    });
  });
});
