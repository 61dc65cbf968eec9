import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { FakeSmtpServer } from "../../support/fake-smtp-server.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import type { SmtpClient } from "../../support/smtp-client.ts";
import type { GatewayOptions, SmtpGateway } from "../../support/smtp-gateway.ts";
import { closeRigs, smtpRig } from "../../support/smtp-rig.ts";

const others: FakeSmtpServer[] = [];

afterEach(async () => {
  await closeRigs();
  for (const other of others.splice(0)) await other.stop();
});

const seed = Number(process.env["POSTERN_SEED"] ?? Date.now() % 1_000_000);
const rounds = 50;

const aliases = {
  "all@a.test": ["u1@a.test", "u2@b.test"],
  "two@a.test": ["u1@a.test", "u3@a.test"],
  "bad@a.test": ["u1@a.test", "gone@a.test"],
};
const names = [
  "u1@a.test",
  "u2@a.test",
  "u3@a.test",
  "u1@b.test",
  "x@old.test",
  "gone@b.test",
  ...Object.keys(aliases),
];

const rulesets = {
  sender: { rules: [{ name: "audit", when: { sender: { like: "s*5@*" } }, action: { copy: { to: "audit@a.test" } } }] },
  recipient: {
    rules: [
      { name: "aliases", when: { recipient: { in: Object.keys(aliases) } }, action: { rewrite: { aliases } } },
      { name: "copy", when: { recipient: { is: "u3@a.test" } }, action: { copy: { to: "archive@b.test" } } },
      { name: "moved", action: { rewrite: { domains: { "old.test": "b.test" } } } },
    ],
  },
  header: {
    rules: [
      {
        name: "not for u3",
        when: { headerName: { is: "x-secret" }, recipient: { is: "u3@a.test" } },
        action: "deny",
      },
    ],
  },
};

/** Who gets a message that was answered with 250, told by the rules' words alone. */
function expected(round: number, taken: readonly string[]): string[] {
  const all = taken.flatMap((address) => {
    if (address in aliases) return aliases[address as keyof typeof aliases];
    return address === "u3@a.test" ? [address, "archive@b.test"] : [address.replace("@old.test", "@b.test")];
  });
  return [...new Set(String(round).endsWith("5") ? [...all, "audit@a.test"] : all)].sort();
}

/** Who has it: at the servers, and in the queue. */
function holders(round: number, servers: readonly FakeSmtpServer[], { spool }: SmtpGateway): string[] {
  const sender = `s${round}@sender.test`;
  const arrived = servers.flatMap(({ mails }, server) =>
    mails
      .filter(({ lines }) => lines[0]?.includes(`<${sender}>`))
      .flatMap(({ lines }) => lines.slice(1).map((line) => /<(.*)>/.exec(line)?.[1] ?? ""))
      .filter((address) => !address.startsWith("gone@"))
      .map((address) => `${address} ${server === 0 ? "inside" : "second"}`),
  );
  const queued = [...spool.ids()]
    .map((id) => spool.entry(id))
    .filter((entry) => entry?.sender === sender)
    .flatMap((entry) => (entry?.recipients ?? []).map((address) => `${address} ${entry?.route}`));
  return [...arrived, ...queued];
}

async function envelope(client: SmtpClient, round: number, pick: () => string, count: number): Promise<string[]> {
  await client.command("EHLO c.test");
  await client.command(`MAIL FROM:<s${round}@sender.test>`);
  const taken: string[] = [];
  for (let n = 0; n < count; n++) {
    const address = pick();
    if ((await client.command(`RCPT TO:<${address}>`)).startsWith("250")) taken.push(address);
  }
  return taken;
}

async function message(client: SmtpClient, round: number, secret: boolean): Promise<string> {
  const opened = await client.command("DATA");
  if (!opened.startsWith("354")) return opened;
  client.send(`Subject: ${round}\r\n${secret ? "X-Secret: yes\r\n" : ""}\r\ntext\r\n.\r\n`);
  return await client.reply();
}

const modes = ["strictest", "defer", "split"].flatMap((mode) =>
  (["inline", "inline-or-spool"] as const).map((delivery) => [mode, delivery] as const),
);

test.each(modes)(
  `%s, %s: who heard 250 gets the message once at its own server, and nobody else gets anything, whatever the servers do (seed ${seed})`,
  async (mode, delivery) => {
    const random = seededRandom(seed);
    const pick = () => names[Math.floor(random() * names.length)] ?? "";
    let endings = 0;
    const server = {
      answer: (line: string, socket: Socket) => {
        if (line.includes("gone@")) return "550 5.1.1 no";
        if (!/^(?:MAIL|RCPT|DATA)/.test(line) || random() > 0.1) return undefined;
        if (random() < 0.5) socket.destroy();
        else socket.end("421 4.3.2 closing\r\n");
        return null;
      },
      answerBody: () => (++endings % 7 === 0 ? "554 5.6.0 no" : undefined),
    };
    const other = await FakeSmtpServer.start(server);
    others.push(other);
    const options: Partial<GatewayOptions> = {
      delivery,
      settings: { recipientsDiffer: mode },
      routes: { second: { port: other.port, domain: "b.test", delivery } },
      rulesets,
    };
    const { gateway, upstream, connect } = await smtpRig(options, server);
    let accepted = 0;
    for (let round = 0; round < rounds; round++) {
      const client = await connect();
      const taken = await envelope(client, round, pick, 1 + Math.floor(random() * 5));
      const final = await message(client, round, random() < 0.3);
      client.close();
      const has = holders(round, [upstream, other], gateway);
      const wanted = final.startsWith("250") ? expected(round, taken) : [];
      accepted += wanted.length === 0 ? 0 : 1;
      const placed = wanted.map((address) => `${address} ${address.endsWith("@b.test") ? "second" : "inside"}`);
      // A copy goes with every treatment of those whom it is for.
      const counted = has.filter((place, at) => !/^(?:audit|archive)@/.test(place) || has.indexOf(place) === at);
      expect(counted.sort(), `round ${round}: ${final}`).toEqual(placed.sort());
    }
    expect(accepted).toBeGreaterThan(5);
    for (const { state, recipients } of [...gateway.spool.ids()].flatMap((id) => gateway.spool.entry(id) ?? [])) {
      // Refused for u3 alone, and so are the copies of what it would have got.
      if (state === "failed")
        expect(recipients.filter((address) => !/^(?:u3|archive|audit)@/.test(address))).toEqual([]);
    }
  },
  30_000,
);
